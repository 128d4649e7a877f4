namespace EdgeAutonomy.Agents;

/// <summary>What an agent believes about one object.</summary>
public sealed class AlfWorldThing
{
    internal AlfWorldThing(string name) => (Name, Type) = (name, AlfWorldNames.KindOf(name));

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets its kind: the name without the number.</summary>
    public string Type { get; }

    /// <summary>Gets where it is believed to be; an object can be in several receptacles at once.</summary>
    public IReadOnlyList<AlfWorldPlace> Places => In;

    /// <summary>Gets where it was taken from last.</summary>
    public AlfWorldPlace? Origin { get; internal set; }

    /// <summary>Gets whether it was cleaned, or was seen to be clean.</summary>
    public bool IsClean { get; internal set; }

    /// <summary>Gets whether it is believed to be hot.</summary>
    public bool IsHot { get; internal set; }

    /// <summary>Gets whether it is believed to be cool.</summary>
    public bool IsCool { get; internal set; }

    /// <summary>Gets whether it was turned on.</summary>
    public bool IsUsed { get; internal set; }

    internal List<AlfWorldPlace> In { get; } = [];
}
