namespace EdgeAutonomy.Agents;

/// <summary>Atoms by predicate, and by predicate and the object in one position.</summary>
internal sealed class FactIndex(int predicates)
{
    private static readonly List<int> None = [];
    private readonly List<int>?[] _all = new List<int>?[predicates];
    private readonly Dictionary<long, List<int>> _byObject = [];

    public void Add(int atom, int predicate, ReadOnlySpan<int> arguments)
    {
        (_all[predicate] ??= []).Add(atom);
        for (int i = 0; i < arguments.Length; i++)
        {
            long key = Key(predicate, i, arguments[i]);
            if (!_byObject.TryGetValue(key, out var list)) _byObject.Add(key, list = []);
            list.Add(atom);
        }
    }

    public List<int> All(int predicate) => _all[predicate] ?? None;

    public List<int> With(int predicate, int position, int value) => _byObject.TryGetValue(Key(predicate, position, value), out var list) ? list : None;

    // Arity ≤ 64 and at most 10,000 objects (14 bits): the three numbers never overlap.
    private static long Key(int predicate, int position, int value) => ((long)predicate << 22) | (long)position << 15 | (uint)value;
}
