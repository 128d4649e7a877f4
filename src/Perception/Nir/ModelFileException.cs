namespace EdgeAutonomy.Perception;

/// <summary>A model or calibration file cannot be read or written, or breaks a rule of its format; the only exception that reading throws for what it finds in a file.</summary>
public sealed class ModelFileException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="file">Path or name of the file; starts the message.</param>
    /// <param name="place">Where inside the file, such as <c>/node/nodes/fc1/weight</c>; empty for the file as a whole.</param>
    /// <param name="offset">The byte of the file that the sentence is about; -1 where there is none.</param>
    /// <param name="sentence">What is wrong, both sides of a mismatch, and the rule or the next step.</param>
    /// <param name="inner">The cause, if another exception is.</param>
    public ModelFileException(string file, string place, long offset, string sentence, Exception? inner = null)
        : base(place.Length == 0 ? $"{file}: {sentence}" : $"{file}: {place}: {sentence}", inner)
    {
        File = file;
        Place = place;
        Offset = offset;
    }

    /// <summary>Gets the path or name of the file.</summary>
    public string File { get; }

    /// <summary>Gets where inside the file; empty for the file as a whole.</summary>
    public string Place { get; }

    /// <summary>Gets the offset in bytes from the start of the file; -1 where there is none.</summary>
    public long Offset { get; }
}
