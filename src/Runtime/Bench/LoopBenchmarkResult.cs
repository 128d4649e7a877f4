namespace EdgeAutonomy.Runtime;

/// <summary>What <see cref="LoopBenchmark"/> measured.</summary>
/// <param name="Cycles">Measured cycles.</param>
/// <param name="Stages">From waking to the last stage boundary: the 17 stages with a stamp at every boundary, nanoseconds.</param>
/// <param name="Turn">One whole turn: stages, ladder, pacing, hash, statistics, and the measuring itself, nanoseconds.</param>
/// <param name="BytesPerCycle">Bytes allocated on the loop thread per cycle.</param>
/// <param name="Collections">Garbage collections during the measurement.</param>
public sealed record LoopBenchmarkResult(int Cycles, LatencySummary Stages, LatencySummary Turn, double BytesPerCycle, int Collections);
