namespace EdgeAutonomy.Agents;

/// <summary>A planning domain: types, predicates and actions, read from PDDL.</summary>
/// <remarks>
/// Understood: typing with a hierarchy, conditions with <c>and or not imply = exists forall</c> and the empty <c>()</c>, effects with
/// <c>and not when forall increase</c>. Case does not matter. Immutable and thread-safe; parse once, use for many problems.
/// Limits: 4 Mi characters, nesting 256, 64 variables per action, 1000 types.
/// </remarks>
public sealed class PddlDomain
{
    private PddlDomain(string name, PddlReader reader, PddlTypes types) => (Name, Reader, Types) = (name, reader, types);

    /// <summary>Gets the name in lower case.</summary>
    public string Name { get; }

    /// <summary>Gets the names of the actions in lower case, in the order of the text.</summary>
    public IReadOnlyList<string> ActionNames => [.. Actions.Select(a => a.Name)];

    internal PddlReader Reader { get; }

    internal PddlTypes Types { get; }

    internal List<(string Name, int Type)> Objects { get; } = [];

    internal Dictionary<string, int> PredicateIndex { get; } = new(StringComparer.Ordinal);

    internal List<string> PredicateNames { get; } = [];

    internal List<int> Arities { get; } = [];

    internal List<PddlAction> Actions { get; } = [];

    /// <summary>Gets the names that actions mention; each must be an object of a problem.</summary>
    internal List<string> Constants { get; } = [];

    internal List<int> ConstantOffsets { get; } = [];

    internal bool UsesFunctions { get; private set; }

    /// <summary>Reads a domain.</summary>
    /// <param name="text">The PDDL text.</param>
    /// <param name="source">How to call it in errors.</param>
    /// <exception cref="PddlException">The text is not a domain, or uses something that is not understood.</exception>
    public static PddlDomain Parse(string text, string source = "domain")
    {
        var (reader, root) = PddlReader.Read(source, text);
        var sections = Sections(reader, root, "domain", out string name);
        var domain = new PddlDomain(name, reader, PddlTypes.Read(reader, sections.Find(s => s.Head == ":types")));
        // Predicates and constants before actions: the order of sections is free.
        foreach (var section in sections) domain.ReadDeclarations(section);
        foreach (var section in sections)
        {
            if (section.Head == ":action") domain.ReadAction(section);
        }
        return domain;
    }

    internal static List<PddlNode> Sections(PddlReader reader, PddlNode root, string kind, out string name)
    {
        if (root.Head != "define") throw reader.Error(root, $"expected '(define ({kind} NAME) …)'.");
        if (root.Items.Count < 2 || root.Items[1].Head != kind || root.Items[1].Items.Count != 2) throw reader.Error(root, $"expected '({kind} NAME)' after 'define'.");
        name = reader.Word(root.Items[1].Items[1], "a name");
        var sections = root.Items.GetRange(2, root.Items.Count - 2);
        foreach (var section in sections)
        {
            if (section.Head is null) throw reader.Error(section, "expected a section such as '(:action …)'.");
        }
        return sections;
    }

    private void ReadDeclarations(PddlNode section)
    {
        switch (section.Head)
        {
            case ":requirements" or ":types" or ":functions" or ":action":
                break;
            case ":constants":
                foreach (var (node, type) in PddlTypedList.Read(Reader, section.Items, 1)) Objects.Add((node.Word!, Types.Find(Reader, type)));
                break;
            case ":predicates":
                for (int i = 1; i < section.Items.Count; i++) ReadPredicate(section.Items[i]);
                break;
            default:
                throw Reader.Error(section, $"section '{section.Head}' is not supported; known are :requirements :types :constants :predicates :functions :action.");
        }
    }

    private void ReadPredicate(PddlNode node)
    {
        if (node.Head is null) throw Reader.Error(node, "expected '(predicate ?variable - type …)'.");
        var arguments = PddlTypedList.Read(Reader, node.Items, 1);
        if (arguments.Count > PddlConditionReader.MaxSlots) throw Reader.Error(node, $"predicate '{node.Head}' has {arguments.Count} arguments; the limit is {PddlConditionReader.MaxSlots}.");
        // Argument types are read for their errors only: ALFWorld applies `checked`, declared for receptacles, to places and to the agent.
        foreach (var (_, type) in arguments) Types.Find(Reader, type);
        if (!PredicateIndex.TryAdd(node.Head, PredicateNames.Count)) throw Reader.Error(node, $"predicate '{node.Head}' is declared twice.");
        PredicateNames.Add(node.Head);
        Arities.Add(arguments.Count);
    }

    private void ReadAction(PddlNode section)
    {
        if (section.Items.Count < 2) throw Reader.Error(section, "an action needs a name.");
        string name = Reader.Word(section.Items[1], "the action's name");
        if (Actions.Exists(a => a.Name == name)) throw Reader.Error(section, $"action '{name}' is declared twice.");
        PddlNode? parameters = null, precondition = null, effect = null;
        for (int i = 2; i < section.Items.Count; i += 2)
        {
            string key = Reader.Word(section.Items[i], "':parameters', ':precondition' or ':effect'");
            if (i + 1 == section.Items.Count) throw Reader.Error(section.Items[i], $"'{key}' of action '{name}' has no value.");
            _ = key switch
            {
                ":parameters" => parameters = section.Items[i + 1],
                ":precondition" => precondition = section.Items[i + 1],
                ":effect" => effect = section.Items[i + 1],
                _ => throw Reader.Error(section.Items[i], $"'{key}' is not a part of an action; known are :parameters :precondition :effect."),
            };
        }
        var conditions = new PddlConditionReader(Reader, Types, PredicateIndex, Arities, Constants, ConstantOffsets);
        var effects = new List<PddlEffect>();
        var variables = parameters is null ? [] : conditions.Parameters(parameters);
        var when = precondition is null ? PddlCondition.True : conditions.Condition(precondition);
        if (effect is not null) conditions.Effect(effect, effects);
        UsesFunctions |= conditions.Costs.Exists(c => c.Function is not null);
        Actions.Add(new PddlAction
        {
            Name = name, Parameters = variables, Precondition = when, Alternatives = [.. when.Alternatives()], Effects = [.. effects], Costs = [.. conditions.Costs], SlotTypes = [.. conditions.SlotTypes],
        });
    }
}
