namespace EdgeAutonomy.Agents;

internal enum ConditionKind { True, Atom, Equal, Not, And, Or, Exists, Forall }

/// <summary>A variable of an action or a quantifier; its slot is unique within its action.</summary>
internal readonly record struct PddlVariable(string Name, int Slot, int Type);

/// <summary>A condition over variables and named constants.</summary>
/// <remarks>A term ≥ 0 is a variable's slot; a term &lt; 0 is the complement of an index into the owner's list of constant names.</remarks>
internal sealed class PddlCondition
{
    public static readonly PddlCondition True = new() { Kind = ConditionKind.True };

    public required ConditionKind Kind { get; init; }

    public int Predicate { get; init; }

    public int[] Terms { get; init; } = [];

    public PddlCondition[] Parts { get; init; } = [];

    public PddlVariable[] Variables { get; init; } = [];

    /// <summary>Returns sets of positive literals such that this can hold only where all of one set hold, for some choice of the quantified variables.</summary>
    public List<List<PddlCondition>> Alternatives()
    {
        const int MaxSets = 16;
        switch (Kind)
        {
            case ConditionKind.Atom: return [[this]];
            case ConditionKind.Exists: return Parts[0].Alternatives();
            case ConditionKind.Or when Parts.Length > 0:
                var any = Parts.SelectMany(p => p.Alternatives()).ToList();
                return any.Count <= MaxSets ? any : [[]];
            case ConditionKind.And:
                List<List<PddlCondition>> all = [[]];
                foreach (var part in Parts)
                {
                    var sets = part.Alternatives();
                    // Leaving a part out only means that the action is made earlier than needed.
                    if (all.Count * sets.Count <= MaxSets) all = [.. all.SelectMany(a => sets.Select(b => (List<PddlCondition>)[.. a, .. b]))];
                }
                return all;
            default: return [[]];
        }
    }

    /// <summary>Adds the positive literals that must all hold for this to hold.</summary>
    public void CollectAtoms(List<PddlCondition> atoms)
    {
        if (Kind == ConditionKind.Atom) atoms.Add(this);
        if (Kind != ConditionKind.And) return;
        foreach (var part in Parts) part.CollectAtoms(atoms);
    }
}

/// <summary>One literal that an action makes true or false, for all of some variables, where a condition held before.</summary>
internal sealed record PddlEffect(PddlVariable[] Variables, PddlCondition When, int Predicate, int[] Terms, bool Adds);

/// <summary>A term of an action's cost: a number, or a function of the parameters with values in the problem.</summary>
internal sealed record PddlCost(double Number, string? Function, int[] Terms);
