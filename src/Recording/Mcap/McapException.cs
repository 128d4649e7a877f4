namespace EdgeAutonomy.Recording;

/// <summary>An MCAP file cannot be read, or breaks a rule of the format; the only exception that reading throws for what it finds in a file.</summary>
public sealed class McapException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="file">Path or name of the file; starts the message.</param>
    /// <param name="offset">Where in the file, in bytes from its start; inside a compressed chunk, where the chunk is.</param>
    /// <param name="sentence">What is wrong, both sides of a mismatch.</param>
    /// <param name="inner">The cause, if another exception is.</param>
    public McapException(string file, long offset, string sentence, Exception? inner = null) : base($"{file}: {sentence}", inner)
    {
        File = file;
        Offset = offset;
    }

    /// <summary>Gets the path or name of the file.</summary>
    public string File { get; }

    /// <summary>Gets the offset in bytes from the start of the file.</summary>
    public long Offset { get; }
}
