using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>The missions of MissionWorld that policies are measured on: those that no learner may start, and others for each purpose.</summary>
/// <param name="size">How large the site is.</param>
/// <param name="lockers">Whether items may lie in closed lockers.</param>
internal sealed class PolicyMissions(MissionWorldSize size, bool lockers)
{
    private static readonly MissionFamily[] _families = Enum.GetValues<MissionFamily>();

    private readonly MissionWorldMissions[] _sets = [.. _families.Select(f => new MissionWorldMissions(f, new MissionWorldOptions(size, lockers)))];

    /// <summary>Gets the sets, one per family.</summary>
    public IReadOnlyList<MissionWorldMissions> Sets => _sets;

    /// <summary>Gets the families, in the order of <see cref="Sets"/>.</summary>
    public static IReadOnlyList<MissionFamily> Families => _families;

    /// <summary>Gets the name for evidence, such as <c>Small, lockers</c>.</summary>
    public string Name { get; } = $"{size}{(lockers ? ", lockers" : "")}";

    /// <summary>Returns the number of a held-out mission. A policy that was tuned to one purpose's missions meets others for the next.</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="index">Which of them, from 0.</param>
    public static int Number(PolicyPurpose purpose, int index) => 5 * ((int)purpose * 1_000_000 + index);
}
