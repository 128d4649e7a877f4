namespace EdgeAutonomy.Sensors;

/// <summary>One entry of the format table: what a format is called, and how to make its codec where there is one.</summary>
/// <param name="Format">The format.</param>
/// <param name="Name">Its name in messages and in JSON, such as "EVT3".</param>
/// <param name="CreateDecoder">Makes a decoder; null when this build cannot read the format.</param>
/// <param name="CreateEncoder">Makes an encoder for a sensor of (width, height); null when this build cannot write the format.</param>
public sealed record EventFormatInfo(
    EventFormat Format,
    string Name,
    Func<DecoderOptions, IEventDecoder>? CreateDecoder = null,
    Func<int, int, IEventEncoder>? CreateEncoder = null);
