namespace EdgeAutonomy.Recording;

/// <summary>Writing an MCAP file failed: disk full, no permission, device gone. What was written before is readable.</summary>
public sealed class McapWriteException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="file">Path or name of the file.</param>
    /// <param name="offset">The offset in bytes at which writing failed.</param>
    /// <param name="inner">The cause.</param>
    public McapWriteException(string file, long offset, Exception inner)
        : base($"{file}: writing at offset {offset} failed: {inner.Message} What was written before stays readable; close the writer and start another file.", inner)
    {
        File = file;
        Offset = offset;
    }

    /// <summary>Gets the path or name of the file.</summary>
    public string File { get; }

    /// <summary>Gets the offset at which writing failed.</summary>
    public long Offset { get; }
}
