namespace EdgeAutonomy.Sensors;

/// <summary>What <see cref="DecoderBenchmark"/> measured.</summary>
/// <param name="Format">The format.</param>
/// <param name="Events">Events decoded per repetition.</param>
/// <param name="InputBytes">Bytes decoded per repetition.</param>
/// <param name="Repetitions">How many repetitions.</param>
/// <param name="MedianMillionPerSecond">Median rate in millions of events per second.</param>
/// <param name="MinMillionPerSecond">Slowest repetition, in millions of events per second.</param>
/// <param name="MaxMillionPerSecond">Fastest repetition, in millions of events per second.</param>
/// <param name="BytesPerEvent">Input bytes per event.</param>
public sealed record DecoderFigures(
    EventFormat Format,
    long Events,
    long InputBytes,
    int Repetitions,
    double MedianMillionPerSecond,
    double MinMillionPerSecond,
    double MaxMillionPerSecond,
    double BytesPerEvent);
