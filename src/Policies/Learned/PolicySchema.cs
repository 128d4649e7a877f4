using System.Globalization;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>What a learned policy sees, does and chooses from: the contract between the robot's code and a trained file.</summary>
/// <remarks>
/// The network gives one value for every action and period, [action · periods + period]; both are chosen together (switch-cost semi-Markov formulation,
/// adaptive-time-stepping notes §7). Immutable. <see cref="Hash"/> covers everything here, so a file that was trained for other inputs, another order of them, other speeds or another ladder is refused.
/// </remarks>
public sealed record PolicySchema
{
    /// <summary>The most values that a network may give: actions times periods.</summary>
    public const int MostValues = 4096;

    /// <summary>Gets the kind of robot that it was trained for.</summary>
    public required string Robot { get; init; }

    /// <summary>Gets what the policy looks at, in order.</summary>
    public required IReadOnlyList<PolicyInput> Inputs { get; init; }

    /// <summary>Gets the names of the numbers of an action, such as linear_mps, angular_radps.</summary>
    public required IReadOnlyList<string> ActionNames { get; init; }

    /// <summary>Gets the actions to choose from, each with one number per name. The first one is the safe one: what is done when there is no time for anything else.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Actions { get; init; }

    /// <summary>Gets the periods to choose from in microseconds, ascending: the loop's ladder.</summary>
    public required IReadOnlyList<long> PeriodsUs { get; init; }

    /// <summary>Gets how many values the network gives.</summary>
    public int Values => Actions.Count * PeriodsUs.Count;

    /// <summary>Gets the hash of all of it, 16 hexadecimal digits; equal on every machine.</summary>
    public string Hash
    {
        get
        {
            var text = new StringBuilder(Robot);
            var c = CultureInfo.InvariantCulture;
            foreach (var i in Inputs) text.Append(c, $"\ni {i.Name} {i.Low:R} {i.High:R}");
            foreach (string name in ActionNames) text.Append(c, $"\nn {name}");
            foreach (var action in Actions) text.Append("\na ").AppendJoin(' ', action.Select(v => v.ToString("R", c)));
            foreach (long period in PeriodsUs) text.Append(c, $"\np {period}");
            return RandomStream.Fnv1a(text.ToString()).ToString("x16", c);
        }
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="InvalidDataException">One breaks a rule; the message names it, the value and the rule.</exception>
    public void Validate()
    {
        Require(Robot.Length is > 0 and <= 64, $"robot has {Robot.Length} characters; must be 1 to 64.");
        Require(Inputs.Count is > 0 and <= 1024, $"there are {Inputs.Count} inputs; must be 1 to 1024.");
        foreach (var input in Inputs)
        {
            Require(!string.IsNullOrWhiteSpace(input.Name), "an input has no name.");
            Require(double.IsFinite(input.Low) && double.IsFinite(input.High) && input.High > input.Low, string.Create(CultureInfo.InvariantCulture, $"input '{input.Name}' goes from {input.Low} to {input.High}; must be finite and rise."));
        }
        Require(Inputs.Select(i => i.Name).Distinct(StringComparer.Ordinal).Count() == Inputs.Count, "two inputs have the same name.");
        Require(ActionNames.Count is > 0 and <= 64, $"an action has {ActionNames.Count} numbers; must be 1 to 64.");
        Require(Actions.Count > 0 && PeriodsUs.Count > 0 && (long)Actions.Count * PeriodsUs.Count <= MostValues, $"there are {Actions.Count} actions and {PeriodsUs.Count} periods; must be one of each, and {MostValues} values at most.");
        for (int a = 0; a < Actions.Count; a++)
            Require(Actions[a].Count == ActionNames.Count && Actions[a].All(double.IsFinite), $"action {a} must have {ActionNames.Count} finite numbers, as many as names.");
        for (int p = 0; p < PeriodsUs.Count; p++)
            Require(PeriodsUs[p] > (p == 0 ? 0 : PeriodsUs[p - 1]), $"period {p} is {PeriodsUs[p]} us; must be positive and longer than the one before.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new InvalidDataException("Policy schema: " + message);
    }
}
