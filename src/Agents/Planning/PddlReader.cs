using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

/// <summary>Reads one s-expression: lower case by the invariant culture, comments dropped, commas as white space.</summary>
/// <remarks>
/// Iterative with a depth limit, so that everything after it may recurse over the tree without a stack overflow. A comma counts as white space
/// because ALFWorld's domain writes <c>(?l - location, ?r - receptacle)</c>: a type <c>location,</c> would make the quantifier empty and silently false.
/// </remarks>
internal sealed class PddlReader
{
    public const int MaxLength = 4 * 1024 * 1024, MaxDepth = 256, MaxNodes = 1_000_000;
    private readonly string _text;

    private PddlReader(string source, string text) => (Source, _text) = (source, text);

    public string Source { get; }

    /// <summary>Reads the only list of a text.</summary>
    public static (PddlReader Reader, PddlNode Root) Read(string source, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength) throw new PddlException(source, 0, 0, $"the text has {text.Length} characters, the limit is {MaxLength}.");
        var reader = new PddlReader(source, text);
        return (reader, reader.ReadRoot());
    }

    /// <summary>Makes an error that names the place.</summary>
    public PddlException Error(int offset, string message)
    {
        int line = 1, start = 0;
        for (int i = 0; i < offset && i < _text.Length; i++)
        {
            if (_text[i] != '\n') continue;
            line++;
            start = i + 1;
        }
        return new PddlException(Source, line, offset - start + 1, message);
    }

    public PddlException Error(PddlNode node, string message) => Error(node.Offset, message);

    /// <summary>Returns the word, or says that one was expected.</summary>
    public string Word(PddlNode node, string what) => node.Word ?? throw Error(node, $"expected {what}, found a list.");

    private PddlNode ReadRoot()
    {
        var pool = new Dictionary<string, string>(StringComparer.Ordinal);
        var words = pool.GetAlternateLookup<ReadOnlySpan<char>>();
        var open = new Stack<PddlNode>();
        PddlNode? root = null;
        int nodes = 0;
        Span<char> buffer = stackalloc char[256];
        for (int i = 0; i < _text.Length;)
        {
            char c = _text[i];
            if (char.IsWhiteSpace(c) || c is ',' or '\uFEFF') { i++; continue; }
            if (c == ';')
            {
                int end = _text.IndexOf('\n', i);
                i = end < 0 ? _text.Length : end + 1;
                continue;
            }
            if (c == ')')
            {
                if (open.Count == 0) throw Error(i, "unexpected ')': no list is open here.");
                open.Pop();
                i++;
                continue;
            }
            if (root is not null && open.Count == 0) throw Error(i, "text after the end of the definition; one '(define …)' is allowed.");
            if (++nodes > MaxNodes) throw Error(i, $"more than {MaxNodes} words and lists.");
            PddlNode node;
            if (c == '(')
            {
                if (open.Count == MaxDepth) throw Error(i, $"lists are nested deeper than {MaxDepth}.");
                node = new PddlNode(i++, null);
            }
            else
            {
                int start = i;
                while (i < _text.Length && !char.IsWhiteSpace(_text[i]) && _text[i] is not ('(' or ')' or ';' or ',')) i++;
                if (i - start > buffer.Length) throw Error(start, $"a word of {i - start} characters; the limit is {buffer.Length}.");
                int length = _text.AsSpan(start, i - start).ToLowerInvariant(buffer);
                ref string? word = ref CollectionsMarshal.GetValueRefOrAddDefault(words, buffer[..length], out _);
                word ??= buffer[..length].ToString();
                node = new PddlNode(start, word);
            }
            if (open.Count > 0) open.Peek().Add(node);
            else if (node.IsList) root = node;
            else throw Error(node, $"expected '(', found '{node.Word}'.");
            if (node.IsList) open.Push(node);
        }
        if (open.Count > 0) throw Error(open.Peek(), "this list is never closed; a ')' is missing.");
        return root ?? throw new PddlException(Source, 1, 1, "the text is empty; expected '(define …)'.");
    }
}
