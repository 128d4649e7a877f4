using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Reads conditions and effects of one action or one goal into the model. Recursion is bounded by the reader's depth limit.</summary>
internal sealed class PddlConditionReader(PddlReader reader, PddlTypes types, Dictionary<string, int> predicates, IReadOnlyList<int> arities, List<string> constants, List<int> constantOffsets)
{
    public const int MaxSlots = 64;
    private readonly List<PddlVariable> _scope = [];
    private readonly Dictionary<string, int> _constantIndex = Index(constants);

    public List<int> SlotTypes { get; } = [];

    public List<PddlCost> Costs { get; } = [];

    public PddlVariable[] Parameters(PddlNode list)
    {
        var variables = Variables(list);
        for (int i = 0; i < variables.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (variables[i].Name == variables[j].Name) throw reader.Error(list, $"parameter '{variables[i].Name}' occurs twice.");
            }
        }
        _scope.AddRange(variables);
        return variables;
    }

    public PddlCondition Condition(PddlNode node)
    {
        if (!node.IsList) throw reader.Error(node, $"expected a condition in parentheses, found '{node.Word}'.");
        if (node.Items.Count == 0) return PddlCondition.True;
        string head = reader.Word(node.Items[0], "a predicate or a connective");
        switch (head)
        {
            case "and": return new PddlCondition { Kind = ConditionKind.And, Parts = Parts(node) };
            case "or": return new PddlCondition { Kind = ConditionKind.Or, Parts = Parts(node) };
            case "not": Expect(node, 2); return Not(Condition(node.Items[1]));
            case "imply": Expect(node, 3); return new PddlCondition { Kind = ConditionKind.Or, Parts = [Not(Condition(node.Items[1])), Condition(node.Items[2])] };
            case "exists" or "forall":
                Expect(node, 3);
                var variables = Variables(node.Items[1]);
                _scope.AddRange(variables);
                var body = Condition(node.Items[2]);
                _scope.RemoveRange(_scope.Count - variables.Length, variables.Length);
                return new PddlCondition { Kind = head == "exists" ? ConditionKind.Exists : ConditionKind.Forall, Variables = variables, Parts = [body] };
            case "=": Expect(node, 3); return new PddlCondition { Kind = ConditionKind.Equal, Terms = Terms(node) };
            case "<" or ">" or "<=" or ">=": throw reader.Error(node, $"numeric conditions ('{head}') are not supported.");
            default: return new PddlCondition { Kind = ConditionKind.Atom, Predicate = Predicate(node), Terms = Terms(node) };
        }
    }

    public void Effect(PddlNode node, List<PddlEffect> effects) => Effect(node, [], PddlCondition.True, effects);

    public int Predicate(PddlNode node)
    {
        string name = reader.Word(node.Items[0], "a predicate");
        if (!predicates.TryGetValue(name, out int predicate)) throw reader.Error(node.Items[0], $"predicate '{name}' is not declared in the domain's (:predicates …).");
        if (arities[predicate] != node.Items.Count - 1)
            throw reader.Error(node, $"predicate '{name}' has {node.Items.Count - 1} arguments here, {arities[predicate]} in its declaration.");
        return predicate;
    }

    private static PddlCondition Not(PddlCondition part) => new() { Kind = ConditionKind.Not, Parts = [part] };

    private static Dictionary<string, int> Index(List<string> names)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++) index.Add(names[i], i);
        return index;
    }

    private void Effect(PddlNode node, PddlVariable[] variables, PddlCondition when, List<PddlEffect> effects)
    {
        if (!node.IsList) throw reader.Error(node, $"expected an effect in parentheses, found '{node.Word}'.");
        if (node.Items.Count == 0) return;
        string head = reader.Word(node.Items[0], "a predicate or a connective");
        switch (head)
        {
            case "and":
                for (int i = 1; i < node.Items.Count; i++) Effect(node.Items[i], variables, when, effects);
                return;
            case "forall":
                Expect(node, 3);
                var more = Variables(node.Items[1]);
                _scope.AddRange(more);
                Effect(node.Items[2], [.. variables, .. more], when, effects);
                _scope.RemoveRange(_scope.Count - more.Length, more.Length);
                return;
            case "when":
                Expect(node, 3);
                var condition = Condition(node.Items[1]);
                Effect(node.Items[2], variables, when == PddlCondition.True ? condition : new PddlCondition { Kind = ConditionKind.And, Parts = [when, condition] }, effects);
                return;
            case "increase":
                if (variables.Length > 0 || when != PddlCondition.True) throw reader.Error(node, "'increase' inside 'forall' or 'when' is not supported; an action has one cost.");
                Cost(node);
                return;
            case "decrease" or "assign" or "scale-up" or "scale-down": throw reader.Error(node, $"numeric effects ('{head}') are not supported, 'increase' of the cost excepted.");
            case "not":
                Expect(node, 2);
                var inner = node.Items[1];
                if (inner.Items.Count == 0) throw reader.Error(inner, "expected a predicate in parentheses after 'not'.");
                effects.Add(new PddlEffect(variables, when, Predicate(inner), Terms(inner), false));
                return;
            default:
                effects.Add(new PddlEffect(variables, when, Predicate(node), Terms(node), true));
                return;
        }
    }

    private void Cost(PddlNode node)
    {
        Expect(node, 3);
        var amount = node.Items[2];
        if (amount.IsList)
        {
            if (amount.Head is null) throw reader.Error(amount, "expected a number or a function in parentheses.");
            Costs.Add(new PddlCost(0, amount.Head, Terms(amount)));
        }
        else if (double.TryParse(amount.Word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && number >= 0)
        {
            Costs.Add(new PddlCost(number, null, []));
        }
        else
        {
            throw reader.Error(amount, $"'{amount.Word}' is not a cost; expected a number ≥ 0 or a function.");
        }
    }

    private PddlCondition[] Parts(PddlNode node)
    {
        var parts = new PddlCondition[node.Items.Count - 1];
        for (int i = 0; i < parts.Length; i++) parts[i] = Condition(node.Items[i + 1]);
        return parts;
    }

    private PddlVariable[] Variables(PddlNode list)
    {
        if (!list.IsList) throw reader.Error(list, $"expected a list of variables, found '{list.Word}'.");
        var entries = PddlTypedList.Read(reader, list.Items, 0);
        var variables = new PddlVariable[entries.Count];
        for (int i = 0; i < variables.Length; i++)
        {
            var (name, type) = entries[i];
            if (!name.Word!.StartsWith('?')) throw reader.Error(name, $"'{name.Word}' is not a variable; variables start with '?'.");
            if (SlotTypes.Count == MaxSlots) throw reader.Error(name, $"more than {MaxSlots} variables in one action or goal.");
            variables[i] = new PddlVariable(name.Word, SlotTypes.Count, types.Find(reader, type));
            SlotTypes.Add(variables[i].Type);
        }
        return variables;
    }

    private int[] Terms(PddlNode node)
    {
        var terms = new int[node.Items.Count - 1];
        for (int i = 0; i < terms.Length; i++) terms[i] = Term(node.Items[i + 1]);
        return terms;
    }

    private int Term(PddlNode node)
    {
        string name = reader.Word(node, "a variable or a name");
        if (name.StartsWith('?'))
        {
            for (int i = _scope.Count - 1; i >= 0; i--)
            {
                if (_scope[i].Name == name) return _scope[i].Slot;
            }
            throw reader.Error(node, $"variable '{name}' is not declared here.");
        }
        if (!_constantIndex.TryGetValue(name, out int index))
        {
            _constantIndex.Add(name, index = constants.Count);
            constants.Add(name);
            constantOffsets.Add(node.Offset);
        }
        return ~index;
    }

    private void Expect(PddlNode node, int count)
    {
        if (node.Items.Count != count) throw reader.Error(node, $"'{node.Head}' has {node.Items.Count - 1} parts, must have {count - 1}.");
    }
}
