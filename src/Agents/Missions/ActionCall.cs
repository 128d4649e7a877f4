using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>One command of an agent, with all its parts named: <c>take apple 1 from table 2</c>.</summary>
/// <remarks>A value without behaviour; whether it can be carried out only the mission knows. Equal when its text is equal (ordinal).</remarks>
/// <param name="Verb">The verb, such as <c>take</c>.</param>
/// <param name="Arguments">Names of the things it is about, in the order of the command.</param>
/// <param name="Text">The command as it is written; unique within a mission.</param>
public sealed record ActionCall(string Verb, ImmutableArray<string> Arguments, string Text)
{
    /// <inheritdoc/>
    public bool Equals(ActionCall? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
