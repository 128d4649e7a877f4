namespace EdgeAutonomy.Agents;

/// <summary>One action with objects for all its parameters, in one <see cref="PlanningWorld"/>.</summary>
public sealed class GroundAction
{
    internal GroundAction(PlanningTask task, int number, int schema, int[] arguments, GroundNode condition)
        => (Task, Number, Schema, Arguments, Condition) = (task, number, schema, arguments, condition);

    /// <summary>Gets the action's name in lower case.</summary>
    public string Name => Task.Domain.Actions[Schema].Name;

    /// <summary>Gets how many objects it is about.</summary>
    public int Arity => Arguments.Length;

    /// <summary>Gets what doing it costs: the sum of its <c>increase</c> effects, 0 where it has none.</summary>
    public double Cost { get; internal set; }

    internal PlanningTask Task { get; }

    internal int Number { get; }

    internal int Schema { get; }

    internal int[] Arguments { get; }

    internal GroundNode Condition { get; }

    /// <summary>Gets or sets the unconditional and conditional changes; null until first needed.</summary>
    internal GroundEffect[]? Effects { get; set; }

    internal bool IsEnabled { get; set; }

    /// <summary>Gets or sets the change after which this was tested last.</summary>
    internal ulong TestedAt { get; set; }

    /// <summary>Gets or sets where it stands among the executable actions; meaningful while enabled.</summary>
    internal int Position { get; set; }

    /// <summary>Returns the name of one object.</summary>
    /// <param name="index">0 … <see cref="Arity"/> − 1.</param>
    public string Argument(int index) => Task.ObjectNames[Arguments[index]];

    /// <summary>Compares by action in the domain's order, then by objects in the problem's order.</summary>
    internal static int Compare(GroundAction a, GroundAction b)
    {
        int order = a.Schema.CompareTo(b.Schema);
        return order != 0 ? order : a.Arguments.AsSpan().SequenceCompareTo(b.Arguments);
    }

    /// <summary>Returns the action as PDDL: <c>(move robot a b)</c>.</summary>
    public override string ToString() => Arguments.Length == 0 ? $"({Name})" : $"({Name} {string.Join(' ', Arguments.Select(a => Task.ObjectNames[a]))})";
}

/// <summary>Atoms that become false and true where a condition held before.</summary>
internal sealed record GroundEffect(GroundNode When, int[] Removes, int[] Adds);
