namespace EdgeAutonomy.Agents;

/// <summary>The first condition of an action that does not hold: a fact that must be true and is not, or the other way round.</summary>
/// <param name="Predicate">The predicate; <c>=</c> for two things that must be equal or differ; empty where no single fact is to blame.</param>
/// <param name="Arguments">The objects it is about.</param>
/// <param name="Expected">What the fact must be.</param>
public sealed record FailedCondition(string Predicate, IReadOnlyList<string> Arguments, bool Expected)
{
    /// <summary>Says it in words: <c>'(at robot dock)' must be true and is not</c>.</summary>
    public override string ToString()
    {
        if (Predicate.Length == 0) return Arguments.Count > 0 ? Arguments[0] : "nothing fulfils the condition";
        string fact = Arguments.Count == 0 ? $"({Predicate})" : $"({Predicate} {string.Join(' ', Arguments)})";
        return Expected ? $"'{fact}' must be true and is not" : $"'{fact}' must not be true and is";
    }
}
