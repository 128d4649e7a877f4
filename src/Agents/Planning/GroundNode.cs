namespace EdgeAutonomy.Agents;

/// <summary>A condition without variables, in negation normal form: all or any of some literals and parts.</summary>
/// <param name="All">Whether every literal and part must hold; otherwise one suffices.</param>
/// <param name="Literals">Atom numbers; the complement for "does not hold".</param>
/// <param name="Parts">Nested conditions of the other kind.</param>
internal sealed record GroundNode(bool All, int[] Literals, GroundNode[] Parts)
{
    public static readonly GroundNode True = new(true, [], []), False = new(false, [], []);

    public bool IsTrue => All && Literals.Length == 0 && Parts.Length == 0;

    public bool IsFalse => !All && Literals.Length == 0 && Parts.Length == 0;

    public bool Holds(ulong[] bits)
    {
        foreach (int literal in Literals)
        {
            if (Holds(bits, literal) != All) return !All;
        }
        foreach (var part in Parts)
        {
            if (part.Holds(bits) != All) return !All;
        }
        return All;
    }

    public void CollectAtoms(ICollection<int> atoms)
    {
        foreach (int literal in Literals) atoms.Add(literal < 0 ? ~literal : literal);
        foreach (var part in Parts) part.CollectAtoms(atoms);
    }

    public static bool Holds(ulong[] bits, int literal)
    {
        int atom = literal < 0 ? ~literal : literal;
        return ((bits[atom >> 6] >> atom & 1) != 0) == (literal >= 0);
    }
}
