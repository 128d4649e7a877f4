namespace EdgeAutonomy.Agents;

/// <summary>One word or one list of an s-expression.</summary>
internal sealed class PddlNode(int offset, string? word)
{
    private static readonly List<PddlNode> None = [];
    private List<PddlNode>? _items;

    public int Offset { get; } = offset;

    /// <summary>Gets the word in lower case, or null for a list.</summary>
    public string? Word { get; } = word;

    public bool IsList => Word is null;

    /// <summary>Gets a list's parts; none for a word.</summary>
    public List<PddlNode> Items => _items ?? None;

    /// <summary>Gets the first part's word, or null where there is none.</summary>
    public string? Head => Items.Count > 0 ? Items[0].Word : null;

    public void Add(PddlNode item) => (_items ??= []).Add(item);
}
