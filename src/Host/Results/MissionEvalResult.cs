namespace EdgeAutonomy.Host;

/// <summary>What <c>eval</c> prints of a mission policy.</summary>
/// <param name="Model">The policy's file.</param>
/// <param name="Data">The missions.</param>
/// <param name="Seed">0: nothing is drawn.</param>
/// <param name="Metric">The share of missions that succeeded.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Files">Empty.</param>
/// <param name="Figures">Everything else, each with its interval.</param>
/// <param name="MeanSteps">Steps a mission.</param>
/// <param name="LatencyUs">How long decisions took, runtime and guard included.</param>
/// <param name="SafeStops">Decisions that gave no admissible command; three in a row end a mission.</param>
internal sealed record MissionEvalResult(
    string Model, string Data, ulong Seed, MetricRow Metric, double Seconds, IReadOnlyList<string> Files, IReadOnlyList<MetricRow> Figures, double MeanSteps, LatencyUs LatencyUs, long SafeStops)
    : TrainResult(Model, Data, Seed, Metric, Seconds, Files);
