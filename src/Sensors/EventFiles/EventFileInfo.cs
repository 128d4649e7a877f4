namespace EdgeAutonomy.Sensors;

/// <summary>What a recording is: format, sensor size, and where its payload begins.</summary>
/// <param name="Path">The file.</param>
/// <param name="Format">The format.</param>
/// <param name="Width">The sensor's columns.</param>
/// <param name="Height">The sensor's rows.</param>
/// <param name="HeaderBytes">Length of the header; the payload begins there.</param>
/// <param name="FileBytes">Length of the file.</param>
/// <param name="Header">The RAW header; null when the file has none.</param>
public sealed record EventFileInfo(string Path, EventFormat Format, int Width, int Height, int HeaderBytes, long FileBytes, RawHeader? Header)
{
    /// <summary>Gets the format's name, such as "EVT3".</summary>
    public string FormatName => EventFormats.Get(Format).Name;
}
