using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>The mission policies that ship and how they are trained.</summary>
public static class MissionRecipes
{
    /// <summary>Gets missions of every family, size and variant in turn.</summary>
    public static IMissionSet Robot { get; } = new MissionMixture(
        "mission-world",
        [.. from size in Enum.GetValues<MissionWorldSize>() from lockers in (bool[])[false, true] from family in Enum.GetValues<MissionFamily>()
            where !lockers || family != MissionFamily.InspectReport
            select new MissionWorldMissions(family, new MissionWorldOptions(size, lockers))]);

    /// <summary>Gets the training of the policy for robot missions: both sizes, all families, lockers open and closed.</summary>
    public static MissionTrainingRecipe Mission { get; } = new()
    {
        Name = "mission", Summary = "Carries out robot missions: cloned from a planner, then PPO with the potential of a progress estimator.",
        Training = _ => Robot, Test = _ => Robot,
    };

    /// <summary>Gets the training of the policy for ALFWorld's text games: the training split, judged on the unseen one.</summary>
    public static MissionTrainingRecipe AlfWorld { get; } = new()
    {
        Name = "alfworld", Summary = "Plays ALFWorld text games: cloned from a searching expert, then PPO with the potential of a progress estimator.",
        Training = c => AlfWorldFolders.Open(c.DataFolder, "train"), Test = c => AlfWorldFolders.Open(c.DataFolder, "valid_unseen"),
        Cloning = new CloningOptions { Episodes = 600, CorrectedEpisodes = 200 }, Ppo = MissionPpoOptions.AlfWorld with { Episodes = 3000, PreRollouts = 400 }, TestEpisodes = 134,
    };
}
