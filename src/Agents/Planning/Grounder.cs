namespace EdgeAutonomy.Agents;

/// <summary>Puts objects into conditions and finds the bindings under which the facts of a conjunction are all known.</summary>
/// <remarks>
/// A join over facts that never change and, for actions, over fluent facts that were true at some time: an action about facts that were never
/// true cannot be executable, so it is not made before they are. All enumeration is charged to one budget, so that no input can hang it.
/// </remarks>
internal sealed class Grounder(PlanningTask task, TupleTable atoms, FactIndex known, Func<int, bool> isKnown, long budget)
{
    private readonly int[] _scratch = new int[PddlConditionReader.MaxSlots];
    private long _work;

    /// <summary>Calls back for every binding under which all atoms are known; variables in none of them run over their type.</summary>
    public void Join(List<PddlCondition> conjuncts, PddlVariable[] variables, int[] slotTypes, int[] constants, int[] binding, bool fluents, Action leaf)
    {
        // One word of flags: further conjuncts are left to the condition itself, which is tested in full on every binding.
        int count = Math.Min(conjuncts.Count, 64);
        ulong open = 0;
        for (int i = 0; i < count; i++)
        {
            if (fluents || !task.IsFluent(conjuncts[i].Predicate)) open |= 1UL << i;
        }
        Join(conjuncts, open, variables, slotTypes, constants, binding, leaf);
    }

    /// <summary>Binds an atom's variables to a known fact's objects; false where they do not fit. What was bound is in the mask.</summary>
    public bool Unify(PddlCondition atom, ReadOnlySpan<int> values, int[] slotTypes, int[] constants, int[] binding, out ulong bound)
    {
        bound = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int term = atom.Terms[i];
            int value = term >= 0 ? binding[term] : constants[~term];
            if (value < 0)
            {
                if (!task.IsA(values[i], slotTypes[term])) { Unbind(binding, bound); return false; }
                binding[term] = values[i];
                bound |= 1UL << term;
            }
            else if (value != values[i])
            {
                Unbind(binding, bound);
                return false;
            }
        }
        return true;
    }

    public static void Unbind(int[] binding, ulong bound)
    {
        for (; bound != 0; bound &= bound - 1) binding[System.Numerics.BitOperations.TrailingZeroCount(bound)] = -1;
    }

    public GroundNode Build(PddlCondition condition, int[] slotTypes, int[] constants, int[] binding, bool negate = false)
    {
        Charge();
        switch (condition.Kind)
        {
            case ConditionKind.True:
                return Constant(!negate);
            case ConditionKind.Not:
                return Build(condition.Parts[0], slotTypes, constants, binding, !negate);
            case ConditionKind.Equal:
                return Constant((Value(condition.Terms[0], constants, binding) == Value(condition.Terms[1], constants, binding)) != negate);
            case ConditionKind.Atom:
                if (!task.IsFluent(condition.Predicate)) return Constant((task.Statics.Find(condition.Predicate, Values(condition.Terms, constants, binding)) >= 0) != negate);
                int atom = Intern(condition.Predicate, condition.Terms, constants, binding);
                return new GroundNode(true, [negate ? ~atom : atom], []);
            case ConditionKind.And or ConditionKind.Or:
                var group = new Group((condition.Kind == ConditionKind.And) != negate);
                foreach (var part in condition.Parts)
                {
                    if (!group.Add(Build(part, slotTypes, constants, binding, negate))) break;
                }
                return group.Node;
            default:
                return Quantified(condition, slotTypes, constants, binding, negate);
        }
    }

    public GroundEffect[] Effects(PddlAction action, int[] constants, int[] binding)
    {
        List<int> removes = [], adds = [];
        var conditional = new List<GroundEffect>();
        foreach (var effect in action.Effects)
        {
            Join([], effect.Variables, action.SlotTypes, constants, binding, false, () =>
            {
                var when = Build(effect.When, action.SlotTypes, constants, binding);
                if (when.IsFalse) return;
                int atom = Intern(effect.Predicate, effect.Terms, constants, binding);
                if (when.IsTrue) (effect.Adds ? adds : removes).Add(atom);
                else conditional.Add(new GroundEffect(when, effect.Adds ? [] : [atom], effect.Adds ? [atom] : []));
            });
        }
        return [new GroundEffect(GroundNode.True, [.. removes], [.. adds]), .. conditional];
    }

    public double Cost(PddlAction action, int[] constants, int[] binding)
    {
        double cost = 0;
        foreach (var term in action.Costs) cost += term.Function is null ? term.Number : task.Value(term.Function, Values(term.Terms, constants, binding));
        return cost;
    }

    public ReadOnlySpan<int> Values(int[] terms, int[] constants, int[] binding)
    {
        for (int i = 0; i < terms.Length; i++) _scratch[i] = Value(terms[i], constants, binding);
        return _scratch.AsSpan(0, terms.Length);
    }

    /// <summary>Counts one unit of work.</summary>
    /// <exception cref="PddlException">The budget is spent.</exception>
    private void Charge()
    {
        if (++_work > budget)
            throw new PddlException(task.Problem.Reader.Source, 0, 0, $"making the actions of problem '{task.Problem.Name}' executable takes more than {budget} tests; it is too large.");
    }

    private static int Value(int term, int[] constants, int[] binding) => term >= 0 ? binding[term] : constants[~term];

    private static GroundNode Constant(bool value) => value ? GroundNode.True : GroundNode.False;

    private int Intern(int predicate, int[] terms, int[] constants, int[] binding) => atoms.Add(predicate, Values(terms, constants, binding), out _);

    private GroundNode Quantified(PddlCondition condition, int[] slotTypes, int[] constants, int[] binding, bool negate)
    {
        var group = new Group((condition.Kind == ConditionKind.Forall) != negate);
        var conjuncts = new List<PddlCondition>();
        // Facts that never change cut an "exists" down to the few bindings that can matter.
        if (condition.Kind == ConditionKind.Exists) condition.Parts[0].CollectAtoms(conjuncts);
        bool open = true;
        Join(conjuncts, condition.Variables, slotTypes, constants, binding, false, () =>
        {
            if (open) open = group.Add(Build(condition.Parts[0], slotTypes, constants, binding, negate));
        });
        return group.Node;
    }

    private void Join(List<PddlCondition> conjuncts, ulong open, PddlVariable[] variables, int[] slotTypes, int[] constants, int[] binding, Action leaf)
    {
        Charge();
        int best = -1;
        List<int>? candidates = null;
        for (ulong rest = open; rest != 0; rest &= rest - 1)
        {
            int i = System.Numerics.BitOperations.TrailingZeroCount(rest);
            if (!Narrow(conjuncts[i], constants, binding, out var list, out bool bound))
            {
                if (bound) return;
            }
            if (bound)
            {
                open &= ~(1UL << i);
                continue;
            }
            if (candidates is null || list!.Count < candidates.Count) (best, candidates) = (i, list);
        }
        if (candidates is not null)
        {
            var table = task.IsFluent(conjuncts[best].Predicate) ? atoms : task.Statics;
            for (int c = 0; c < candidates.Count; c++)
            {
                Charge();
                if (!Unify(conjuncts[best], table.Arguments(candidates[c]), slotTypes, constants, binding, out ulong mask)) continue;
                Join(conjuncts, open & ~(1UL << best), variables, slotTypes, constants, binding, leaf);
                Unbind(binding, mask);
            }
            return;
        }
        foreach (var variable in variables)
        {
            if (binding[variable.Slot] >= 0) continue;
            foreach (int thing in task.ObjectsOfType(variable.Type))
            {
                binding[variable.Slot] = thing;
                Join(conjuncts, 0, variables, slotTypes, constants, binding, leaf);
            }
            binding[variable.Slot] = -1;
            return;
        }
        leaf();
    }

    /// <summary>Finds the shortest list of known facts that an atom can be; for an atom without open variables says whether it is known.</summary>
    private bool Narrow(PddlCondition atom, int[] constants, int[] binding, out List<int>? list, out bool bound)
    {
        bool fluent = task.IsFluent(atom.Predicate);
        var index = fluent ? known : task.StaticIndex;
        bound = true;
        list = null;
        for (int i = 0; i < atom.Terms.Length; i++)
        {
            int value = Value(atom.Terms[i], constants, binding);
            if (value < 0)
            {
                bound = false;
                continue;
            }
            var with = index.With(atom.Predicate, i, value);
            if (list is null || with.Count < list.Count) list = with;
        }
        list ??= index.All(atom.Predicate);
        if (!bound) return true;
        if (!fluent) return task.Statics.Find(atom.Predicate, Values(atom.Terms, constants, binding)) >= 0;
        int id = atoms.Find(atom.Predicate, Values(atom.Terms, constants, binding));
        return id >= 0 && isKnown(id);
    }

    /// <summary>Gathers conditions of which all, or one, must hold, and leaves out what is decided already.</summary>
    private sealed class Group(bool all)
    {
        private readonly List<int> _literals = [];
        private readonly List<GroundNode> _parts = [];
        private bool _decided;

        public GroundNode Node => _decided ? Constant(!all) : Simplify();

        /// <summary>Adds a condition; false when the whole is decided by it.</summary>
        public bool Add(GroundNode node)
        {
            if (all ? node.IsTrue : node.IsFalse) return true;
            if (all ? node.IsFalse : node.IsTrue)
            {
                _decided = true;
                return false;
            }
            if (node.All == all || node.Literals.Length + node.Parts.Length == 1)
            {
                _literals.AddRange(node.Literals);
                _parts.AddRange(node.Parts);
            }
            else
            {
                _parts.Add(node);
            }
            return true;
        }

        private GroundNode Simplify() => _literals.Count == 0 && _parts.Count == 1 ? _parts[0] : new GroundNode(all, [.. _literals], [.. _parts]);
    }
}
