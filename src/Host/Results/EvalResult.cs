namespace EdgeAutonomy.Host;

/// <summary>What <c>edge eval</c> found.</summary>
/// <param name="Model">The model's file.</param>
/// <param name="Data">What it was tested on.</param>
/// <param name="Seed">Always 0: nothing is random.</param>
/// <param name="Metric">The measure.</param>
/// <param name="Seconds">How long all recordings took, one thread.</param>
/// <param name="Files">The files that were written.</param>
/// <param name="StepMs">The length of a step.</param>
/// <param name="Steps">Steps of a recording.</param>
/// <param name="MeanSteps">Steps taken until the answer, with the exit policy asked for.</param>
/// <param name="MsPerRecording">Wall time of a recording.</param>
/// <param name="SpikesPerRecording">Spikes of all neurons.</param>
/// <param name="OperationsPerRecording">Weights added for spikes.</param>
/// <param name="EnergyMicrojoules">Estimate for dedicated hardware of 45 nm, per recording; no measurement.</param>
/// <param name="Coverage">Share of recordings whose answer set holds the truth; null without a policy of sets.</param>
/// <param name="Layers">What each layer did.</param>
/// <param name="Curve">Share of right answers when every recording is cut after so many steps.</param>
/// <param name="Warnings">What is odd about the model.</param>
internal sealed record EvalResult(
    string Model, string Data, ulong Seed, MetricRow Metric, double Seconds, IReadOnlyList<string> Files, double StepMs, int Steps, double MeanSteps, double MsPerRecording, double SpikesPerRecording,
    double OperationsPerRecording, double EnergyMicrojoules, double? Coverage, IReadOnlyList<EvalLayer> Layers, IReadOnlyList<double[]> Curve, IReadOnlyList<string> Warnings)
    : TrainResult(Model, Data, Seed, Metric, Seconds, Files);

/// <summary>One layer, over all recordings.</summary>
internal sealed record EvalLayer(string Name, string Type, int Neurons, long Spikes, long Operations, long DenseSteps, long SparseSteps);
