namespace EdgeAutonomy.Host;

/// <summary>Makes a property a configuration key and states its rule; checks, hints and the reference in the docs all come from here.</summary>
/// <param name="summary">What the key does: one sentence.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string summary) : Attribute
{
    /// <summary>Gets what the key does.</summary>
    public string Summary { get; } = summary;

    /// <summary>Gets or sets the smallest number allowed.</summary>
    public double Min { get; set; } = double.NegativeInfinity;

    /// <summary>Gets or sets the largest number allowed.</summary>
    public double Max { get; set; } = double.PositiveInfinity;

    /// <summary>Gets or sets how many elements a list must have; 0 = any number.</summary>
    public int Count { get; set; }

    /// <summary>Gets or sets whether the key must be there.</summary>
    public bool Required { get; set; }

    /// <summary>Gets or sets whether the text is a name: 1 to 64 letters, digits, '-' and '_'.</summary>
    public bool IsName { get; set; }

    /// <summary>Gets or sets whether the text is the path of a file that must exist, seen from the configuration file's folder.</summary>
    public bool IsFile { get; set; }

    /// <summary>Gets or sets whether the text is the name of a model that ships, or the path of one, seen from the configuration file's folder.</summary>
    public bool IsModel { get; set; }

    /// <summary>Gets or sets a word that may stand where otherwise a model would; null = none.</summary>
    public string? OrWord { get; set; }

    /// <summary>Gets or sets the texts allowed, separated by commas; null = any.</summary>
    public string? Choices { get; set; }
}
