using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>A planning problem: objects, the facts at the start and the goal, read from PDDL for one domain.</summary>
/// <remarks>
/// Repeated facts count once; <c>(= (function …) n)</c> gives costs and is dropped where no action uses a function; argument types of facts
/// are not enforced. Immutable and thread-safe. At most 10,000 objects.
/// </remarks>
public sealed class PddlProblem
{
    /// <summary>The most objects a problem may have.</summary>
    public const int MaxObjects = 10_000;

    private PddlProblem(string name, PddlReader reader) => (Name, Reader) = (name, reader);

    /// <summary>Gets the name in lower case.</summary>
    public string Name { get; }

    internal PddlReader Reader { get; }

    /// <summary>Gets the objects with their types, those of the domain first.</summary>
    internal List<(string Name, int Type)> Objects { get; } = [];

    internal Dictionary<string, int> ObjectIndex { get; } = new(StringComparer.Ordinal);

    internal List<(int Predicate, int[] Arguments)> Facts { get; } = [];

    internal List<(string Function, int[] Arguments, double Value)> Values { get; } = [];

    internal PddlCondition Goal { get; private set; } = PddlCondition.True;

    internal int[] GoalSlotTypes { get; private set; } = [];

    /// <summary>Gets the objects that the goal mentions, by constant index.</summary>
    internal int[] GoalConstants { get; private set; } = [];

    /// <summary>Reads a problem.</summary>
    /// <param name="text">The PDDL text.</param>
    /// <param name="domain">The domain it belongs to.</param>
    /// <param name="source">How to call it in errors.</param>
    /// <exception cref="PddlException">The text is not a problem of that domain.</exception>
    public static PddlProblem Parse(string text, PddlDomain domain, string source = "problem")
    {
        ArgumentNullException.ThrowIfNull(domain);
        var (reader, root) = PddlReader.Read(source, text);
        var sections = PddlDomain.Sections(reader, root, "problem", out string name);
        var problem = new PddlProblem(name, reader);
        foreach (var (constant, type) in domain.Objects) problem.Add(constant, type);
        foreach (var section in sections)
        {
            if (section.Head == ":objects") problem.ReadObjects(section, domain);
        }
        foreach (var section in sections)
        {
            switch (section.Head)
            {
                case ":objects" or ":requirements" or ":metric":
                    break;
                case ":domain":
                    string of = section.Items.Count == 2 ? reader.Word(section.Items[1], "the domain's name") : throw reader.Error(section, "expected '(:domain NAME)'.");
                    if (of != domain.Name) throw reader.Error(section, $"the problem belongs to domain '{of}', the domain given is '{domain.Name}'.");
                    break;
                case ":init":
                    for (int i = 1; i < section.Items.Count; i++) problem.ReadFact(section.Items[i], domain);
                    break;
                case ":goal":
                    problem.ReadGoal(section, domain);
                    break;
                default:
                    throw reader.Error(section, $"section '{section.Head}' is not supported; known are :domain :objects :init :goal :metric.");
            }
        }
        return problem;
    }

    private void Add(string name, int type)
    {
        if (ObjectIndex.TryAdd(name, Objects.Count)) Objects.Add((name, type));
    }

    private void ReadObjects(PddlNode section, PddlDomain domain)
    {
        foreach (var (node, typeNode) in PddlTypedList.Read(Reader, section.Items, 1))
        {
            int type = domain.Types.Find(Reader, typeNode);
            if (ObjectIndex.TryGetValue(node.Word!, out int known) && Objects[known].Type != type)
                throw Reader.Error(node, $"object '{node.Word}' is of type '{domain.Types.Name(Objects[known].Type)}' and of type '{domain.Types.Name(type)}'.");
            if (Objects.Count == MaxObjects) throw Reader.Error(node, $"more than {MaxObjects} objects.");
            Add(node.Word!, type);
        }
    }

    private void ReadFact(PddlNode node, PddlDomain domain)
    {
        if (node.Head is null) throw Reader.Error(node, "expected a fact such as '(at robot place)'.");
        if (node.Head == "=")
        {
            ReadValue(node, domain);
            return;
        }
        // Closed world: what is not stated is false, so a stated falsehood adds nothing.
        if (node.Head == "not") return;
        if (!domain.PredicateIndex.TryGetValue(node.Head, out int predicate)) throw Reader.Error(node, $"predicate '{node.Head}' is not declared in domain '{domain.Name}'.");
        if (domain.Arities[predicate] != node.Items.Count - 1)
            throw Reader.Error(node, $"fact '{node.Head}' has {node.Items.Count - 1} arguments, its predicate {domain.Arities[predicate]}.");
        Facts.Add((predicate, Arguments(node)));
    }

    private void ReadValue(PddlNode node, PddlDomain domain)
    {
        if (node.Items.Count != 3 || node.Items[1].Head is not { } function) throw Reader.Error(node, "expected '(= (function …) number)'.");
        if (!double.TryParse(node.Items[2].Word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw Reader.Error(node.Items[2], $"'{node.Items[2].Word}' is not a number.");
        if (domain.UsesFunctions) Values.Add((function, Arguments(node.Items[1]), value));
    }

    private int[] Arguments(PddlNode node)
    {
        var arguments = new int[node.Items.Count - 1];
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = Reader.Word(node.Items[i + 1], "an object");
            if (!ObjectIndex.TryGetValue(name, out arguments[i])) throw Reader.Error(node.Items[i + 1], $"object '{name}' is not declared in (:objects …).");
        }
        return arguments;
    }

    private void ReadGoal(PddlNode section, PddlDomain domain)
    {
        if (section.Items.Count != 2) throw Reader.Error(section, $"':goal' has {section.Items.Count - 1} conditions, must have 1.");
        var names = new List<string>();
        var offsets = new List<int>();
        var conditions = new PddlConditionReader(Reader, domain.Types, domain.PredicateIndex, domain.Arities, names, offsets);
        Goal = conditions.Condition(section.Items[1]);
        GoalSlotTypes = [.. conditions.SlotTypes];
        GoalConstants = new int[names.Count];
        for (int i = 0; i < names.Count; i++)
        {
            if (!ObjectIndex.TryGetValue(names[i], out GoalConstants[i])) throw Reader.Error(offsets[i], $"object '{names[i]}' of the goal is not declared in (:objects …).");
        }
    }
}
