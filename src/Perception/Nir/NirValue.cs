namespace EdgeAutonomy.Perception;

/// <summary>What stands behind a name in a NIR file: an array, a text, or a group of further names.</summary>
public abstract class NirValue : IEquatable<NirValue>
{
    private protected NirValue()
    {
    }

    /// <summary>Tells whether both are the same: numbers bit for bit, texts character for character.</summary>
    public abstract bool Equals(NirValue? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as NirValue);

    /// <inheritdoc/>
    public abstract override int GetHashCode();
}
