namespace EdgeAutonomy.Agents;

/// <summary>Says what is wrong with a planning domain or problem, and where.</summary>
public sealed class PddlException : FormatException
{
    /// <summary>Makes the error.</summary>
    /// <param name="source">Which text: a file or <c>domain</c>.</param>
    /// <param name="line">Line, from 1; 0 where no place in the text is to blame.</param>
    /// <param name="column">Column in UTF-16 units, from 1; 0 where no place is to blame.</param>
    /// <param name="message">What is wrong, with the value and the rule.</param>
    public PddlException(string source, int line, int column, string message)
        : base(line > 0 ? $"{source}:{line}:{column}: {message}" : $"{source}: {message}")
    {
        Line = line;
        Column = column;
    }

    /// <summary>Gets the line, from 1; 0 where no place in the text is to blame.</summary>
    public int Line { get; }

    /// <summary>Gets the column in UTF-16 units, from 1; 0 where no place in the text is to blame.</summary>
    public int Column { get; }
}
