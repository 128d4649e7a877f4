namespace EdgeAutonomy.Agents;

/// <summary>Tests conditions by their definition and names the first that fails. Slow and simple: what the prepared tests are compared with.</summary>
internal sealed class PlanningExplainer(PlanningTask task, PlanningExplainer.Fact holds)
{
    private readonly Dictionary<string, int> _actions = Index(task);
    private int[] _binding = [];
    private long _work;

    /// <summary>Says whether a fact holds.</summary>
    public delegate bool Fact(int predicate, ReadOnlySpan<int> arguments);

    public int FindAction(string name) => _actions.GetValueOrDefault(name.ToLowerInvariant(), -1);

    public FailedCondition? Explain(string name, ReadOnlySpan<string> arguments, GroundAction? known, bool dropNoOps)
    {
        if (known is { IsEnabled: true }) return null;
        int schema = FindAction(name);
        if (schema < 0) return Words($"there is no action '{name}'");
        var action = task.Domain.Actions[schema];
        if (arguments.Length != action.Parameters.Length) return Words($"'{name}' takes {action.Parameters.Length} things, not {arguments.Length}");
        _binding = new int[action.SlotTypes.Length];
        _work = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            _binding[i] = task.FindObject(arguments[i].ToLowerInvariant());
            if (_binding[i] < 0) return Words($"there is no '{arguments[i]}'");
            if (!task.IsA(_binding[i], action.Parameters[i].Type)) return Words($"'{arguments[i]}' is not a {task.Domain.Types.Name(action.Parameters[i].Type)}");
        }
        var failed = Failure(action.Precondition, true, out _);
        if (failed is not null || known is not null || !dropNoOps) return failed;
        return Words($"'{name}' would change nothing here");
    }

    public bool Holds(PddlAction action, int[] arguments)
    {
        _binding = new int[action.SlotTypes.Length];
        _work = 0;
        arguments.CopyTo(_binding, 0);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!task.IsA(arguments[i], action.Parameters[i].Type)) return false;
        }
        return Holds(action.Precondition);
    }

    private static Dictionary<string, int> Index(PlanningTask task)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < task.Domain.Actions.Count; i++) index.Add(task.Domain.Actions[i].Name, i);
        return index;
    }

    private static FailedCondition Words(string text) => new("", [text], true);

    private bool Holds(PddlCondition condition)
    {
        // Each question has a budget of its own: asking often must not use up the world's.
        if (++_work > PlanningWorld.DefaultBudget)
            throw new PddlException(task.Problem.Reader.Source, 0, 0, $"testing one action of problem '{task.Problem.Name}' takes more than {PlanningWorld.DefaultBudget} tests; its quantifiers are too large.");
        return condition.Kind switch
        {
            ConditionKind.True => true,
            ConditionKind.Atom => HoldsAtom(condition),
            ConditionKind.Equal => Value(condition.Terms[0]) == Value(condition.Terms[1]),
            ConditionKind.Not => !Holds(condition.Parts[0]),
            ConditionKind.And => Array.TrueForAll(condition.Parts, Holds),
            ConditionKind.Or => Array.Exists(condition.Parts, Holds),
            ConditionKind.Exists => Any(condition, 0, true),
            _ => !Any(condition, 0, false),
        };
    }

    private bool HoldsAtom(PddlCondition condition)
    {
        Span<int> values = stackalloc int[condition.Terms.Length];
        for (int i = 0; i < values.Length; i++) values[i] = Value(condition.Terms[i]);
        return holds(condition.Predicate, values);
    }

    /// <summary>Returns whether the body is as wanted for some choice of the variables from one on.</summary>
    private bool Any(PddlCondition condition, int variable, bool wanted)
    {
        if (variable == condition.Variables.Length) return Holds(condition.Parts[0]) == wanted;
        foreach (int thing in task.ObjectsOfType(condition.Variables[variable].Type))
        {
            _binding[condition.Variables[variable].Slot] = thing;
            if (Any(condition, variable + 1, wanted)) return true;
        }
        return false;
    }

    /// <summary>Finds what is wrong with a condition that should be as wanted; the depth says how much of it was right before.</summary>
    private FailedCondition? Failure(PddlCondition condition, bool wanted, out int depth)
    {
        depth = 0;
        if (Holds(condition) == wanted) return null;
        switch (condition.Kind)
        {
            case ConditionKind.Atom:
                return new FailedCondition(task.Domain.PredicateNames[condition.Predicate], Names(condition.Terms), wanted);
            case ConditionKind.Equal:
                return new FailedCondition("=", Names(condition.Terms), wanted);
            case ConditionKind.Not:
                return Failure(condition.Parts[0], !wanted, out depth);
            case ConditionKind.And or ConditionKind.Or when condition.Kind == ConditionKind.And == wanted:
                foreach (var part in condition.Parts)
                {
                    if (Failure(part, wanted, out _) is { } first) return first;
                    depth++;
                }
                return null;
            case ConditionKind.And or ConditionKind.Or:
                // None of the alternatives holds; the last is the one an author puts the remedy into: (or (not (openable ?r)) (opened ?r)).
                return condition.Parts.Length == 0 ? Words("no alternative is given") : Failure(condition.Parts[^1], wanted, out depth);
            default:
                FailedCondition? best = null;
                int deepest = -1;
                Search(condition, 0, wanted, ref best, ref deepest);
                depth = Math.Max(0, deepest);
                return best ?? Words("there is nothing of the kind that the condition asks for");
        }
    }

    /// <summary>Among all choices of the variables finds the one that fails last: the nearest miss.</summary>
    private void Search(PddlCondition condition, int variable, bool wanted, ref FailedCondition? best, ref int deepest)
    {
        if (variable == condition.Variables.Length)
        {
            if (Failure(condition.Parts[0], wanted, out int depth) is { } failed && depth > deepest) (best, deepest) = (failed, depth);
            return;
        }
        foreach (int thing in task.ObjectsOfType(condition.Variables[variable].Type))
        {
            _binding[condition.Variables[variable].Slot] = thing;
            Search(condition, variable + 1, wanted, ref best, ref deepest);
        }
    }

    private string[] Names(int[] terms) => [.. terms.Select(t => task.ObjectNames[Value(t)])];

    private int Value(int term) => term >= 0 ? _binding[term] : task.Constants[~term];
}
