namespace EdgeAutonomy.Perception;

/// <summary>A text in a NIR file, such as a padding of <c>same</c>.</summary>
/// <param name="text">The characters.</param>
public sealed class NirText(string text) : NirValue
{
    /// <summary>Gets the characters.</summary>
    public string Text { get; } = text;

    /// <inheritdoc/>
    public override bool Equals(NirValue? other) => other is NirText t && t.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
