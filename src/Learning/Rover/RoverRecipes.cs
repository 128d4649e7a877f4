using EdgeAutonomy.Policies;

namespace EdgeAutonomy.Learning;

/// <summary>How the policies of the rover are trained: the one that ships, and those of the experiment on adaptive periods.</summary>
public static class RoverRecipes
{
    // Before anything is learned the motion of the rules is e^4 times as likely as another one, and longer periods are likelier than shorter ones.
    private const double RulesPrior = 4;
    private const int Copies = 8;

    /// <summary>Gets the task of the policy that ships: periods of 1 to 32 ms, scans at the 20 Hz of the built-in worlds.</summary>
    public static RoverTask Shipped { get; } = new() { ScanHz = [20], Grid = PeriodGrid.Default };

    /// <summary>Gets the training of the joint policy that the demo drives with.</summary>
    public static ControlRecipe Rover { get; } = Recipe("rover", Shipped, 0.01, 120_000, [0, 0, 1, 2, 4, 5],
        "Drives the rover: PPO over motion and period together, in rooms, corridors and crowds, 8 copies, 120 000 decisions.");

    /// <summary>Gets the training of the pacer that ships: the rules drive, the network picks the period.</summary>
    public static ControlRecipe Pacer { get; } = Recipe("pacer", Shipped with { MotionByRules = true }, 0.01, 60_000, [0, 0, 1, 2, 4, 5],
        "Picks the period of a rover that drives by rules: PPO over six periods, 8 copies, 60 000 decisions.");

    /// <summary>Makes a recipe for a task.</summary>
    /// <param name="name">The name.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="decisionCost">What a decision costs, in metres of progress.</param>
    /// <param name="steps">Decisions of the training.</param>
    /// <param name="rungs">First logits of the periods; ignored where the period is fixed.</param>
    /// <param name="summary">One sentence.</param>
    public static ControlRecipe Recipe(string name, RoverTask task, double decisionCost, long steps, IReadOnlyList<double> rungs, string summary = "")
    {
        var schema = task.MotionByRules ? LearnedPacer.SchemaFor(task.Grid) : JointSchema.For(task.Robot, task.Grid);
        bool isJoint = task.FixedRung < 0 && !task.MotionByRules;
        double[] actions = [.. Enumerable.Range(0, schema.Actions.Count).Select(a => a == JointSchema.ByRules ? RulesPrior : 0)];
        var options = new PpoOptions
        {
            Hidden = [128, 128], LearningRateEnd = 0, ScheduleSteps = steps, RolloutSteps = 256, BatchSize = 256, EntropyWeight = 0.003, Discount = new RoverEnvironment(task).Discount,
            DecisionCost = decisionCost, Rungs = isJoint ? task.Grid.Count : 1, Prior = isJoint ? [.. actions, .. rungs] : task.MotionByRules ? rungs : actions,
        };
        return new ControlRecipe
        {
            Name = name, Summary = summary, Steps = steps, ValidateEvery = Copies * 256 * 4, ValidationEpisodes = 40, Goal = 10, Ending = PolicyFile.Ending,
            // Reports are of returns without discount.
            Environment = () => new RoverEnvironment(task with { DiscountPerSecond = 1 }),
            Agent = seed => new Ppo(new VectorEnvironment([.. Enumerable.Range(0, Copies).Select(_ => (IEnvironment)new RoverEnvironment(task))]), options, seed),
            Export = actor => new PolicyModel(name, schema, PolicyExport.Values((PolicyActor)actor, schema, scaled: true)),
        };
    }
}
