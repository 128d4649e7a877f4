namespace EdgeAutonomy.Agents;

/// <summary>A domain and a problem made ready to be played: facts that never change are set apart and indexed.</summary>
/// <remarks>Immutable and thread-safe; any number of <see cref="PlanningWorld"/>s may play one task at the same time.</remarks>
public sealed class PlanningTask
{
    private readonly int[][] _objectsOfType;
    private readonly bool[] _isFluent;
    private readonly Dictionary<(string, int), double> _values = [];
    private readonly TupleTable _valueKeys = new();

    /// <summary>Makes a task.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="problem">A problem of that domain.</param>
    /// <exception cref="PddlException">An action names an object that the problem lacks.</exception>
    public PlanningTask(PddlDomain domain, PddlProblem problem)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(problem);
        (Domain, Problem) = (domain, problem);
        ObjectNames = [.. problem.Objects.Select(o => o.Name)];
        Constants = new int[domain.Constants.Count];
        for (int i = 0; i < Constants.Length; i++)
        {
            if (!problem.ObjectIndex.TryGetValue(domain.Constants[i], out Constants[i]))
                throw domain.Reader.Error(domain.ConstantOffsets[i], $"object '{domain.Constants[i]}' is not declared in problem '{problem.Name}'.");
        }
        _objectsOfType = ObjectsByType(domain.Types, problem.Objects);
        _isFluent = new bool[domain.PredicateNames.Count];
        foreach (var action in domain.Actions)
        {
            foreach (var effect in action.Effects) _isFluent[effect.Predicate] = true;
        }
        StaticIndex = new FactIndex(_isFluent.Length);
        foreach (var (predicate, arguments) in problem.Facts)
        {
            if (_isFluent[predicate]) InitialFluents.Add((predicate, arguments));
            else if (Statics.Add(predicate, arguments, out bool isNew) is var atom && isNew) StaticIndex.Add(atom, predicate, arguments);
        }
        foreach (var (function, arguments, value) in problem.Values) _values[(function, _valueKeys.Add(0, arguments, out _))] = value;
    }

    /// <summary>Gets the domain.</summary>
    public PddlDomain Domain { get; }

    /// <summary>Gets the problem.</summary>
    public PddlProblem Problem { get; }

    /// <summary>Gets the objects' names in lower case, those of the domain first.</summary>
    public IReadOnlyList<string> ObjectNames { get; }

    internal int[] Constants { get; }

    internal TupleTable Statics { get; } = new();

    internal FactIndex StaticIndex { get; }

    internal List<(int Predicate, int[] Arguments)> InitialFluents { get; } = [];

    /// <summary>Returns an object's number, or −1 where there is none of that name.</summary>
    internal int FindObject(string name) => Problem.ObjectIndex.GetValueOrDefault(name, -1);

    /// <summary>Returns a predicate's number, or −1 where there is none of that name.</summary>
    internal int FindPredicate(string name) => Domain.PredicateIndex.GetValueOrDefault(name, -1);

    internal bool IsFluent(int predicate) => _isFluent[predicate];

    internal int[] ObjectsOfType(int type) => _objectsOfType[type];

    internal bool IsA(int thing, int type) => Domain.Types.IsA(Problem.Objects[thing].Type, type);

    internal double Value(string function, ReadOnlySpan<int> arguments)
    {
        int key = _valueKeys.Find(0, arguments);
        return key >= 0 && _values.TryGetValue((function, key), out double value) ? value : 0;
    }

    private static int[][] ObjectsByType(PddlTypes types, List<(string Name, int Type)> objects)
    {
        var lists = new List<int>[types.Count];
        for (int t = 0; t < lists.Length; t++) lists[t] = [];
        for (int o = 0; o < objects.Count; o++)
        {
            for (int t = objects[o].Type; t >= 0; t = types.Parent(t)) lists[t].Add(o);
        }
        return [.. lists.Select(l => l.ToArray())];
    }
}
