namespace EdgeAutonomy.Runtime;

/// <summary>Something with state of its own in a keyframe, with the names it goes by.</summary>
/// <remarks>The name of a type is asked for once: the runtime forgets it with every garbage collection, and to ask again allocates.</remarks>
internal readonly struct KeyframePart(string name, object? owner)
{
    public readonly string Name = name;
    public readonly IFreezable? Owner = owner as IFreezable;
    public readonly string Type = owner is IFreezable ? owner.GetType().Name : "";

    /// <summary>Holds the name of a payload's type.</summary>
    public static class TypeOf<T>
    {
        public static readonly string Name = typeof(T).Name;
    }
}
