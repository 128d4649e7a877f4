namespace EdgeAutonomy.Sensors;

/// <summary>Where a decoder puts time zero.</summary>
public enum TimeOrigin : byte
{
    /// <summary>Times as the sensor sent them, unwrapped. The default.</summary>
    Absolute = 0,

    /// <summary>
    /// The stream's first TIME_HIGH is subtracted, as OpenEB's file reader does unless told otherwise: EVT2 first·64 µs,
    /// EVT3 max(first − 1, 0)·4096 µs. N-MNIST has no time words and is not shifted.
    /// </summary>
    Shifted = 1,
}
