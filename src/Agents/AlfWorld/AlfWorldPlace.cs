namespace EdgeAutonomy.Agents;

/// <summary>What an agent believes about one receptacle.</summary>
public sealed class AlfWorldPlace
{
    internal AlfWorldPlace(string name, int group) => (Name, Type, Group) = (name, AlfWorldNames.KindOf(name), group);

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets its kind: the name without the number.</summary>
    public string Type { get; }

    /// <summary>Gets whether the agent went there or examined or opened it.</summary>
    public bool IsVisited { get; internal set; }

    /// <summary>Gets whether it can be opened; null while unknown.</summary>
    public bool? IsOpenable { get; internal set; }

    /// <summary>Gets whether it is open; false while unknown.</summary>
    public bool IsOpen { get; internal set; }

    /// <summary>Gets whether its contents were seen.</summary>
    public bool IsSeen { get; internal set; }

    /// <summary>Gets what is believed to be in it.</summary>
    public IReadOnlyList<AlfWorldThing> Contents => Things;

    /// <summary>Gets whether it must be opened before anything can be taken or put in.</summary>
    public bool IsClosed => IsOpenable == true && !IsOpen;

    internal List<AlfWorldThing> Things { get; } = [];

    /// <summary>Gets or sets the number of the location that it shares with others, as far as known.</summary>
    internal int Group { get; set; }
}
