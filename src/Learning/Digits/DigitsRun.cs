using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>One trained digits network.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Graph">The network, normalisation folded, for the engine and for files.</param>
/// <param name="Network">The same network for the trainer's forward pass.</param>
/// <param name="Epochs">How the training went; validation is on the recordings held out.</param>
/// <param name="HeldOut">How it does on the recordings held out of the training list; without samples where none were.</param>
/// <param name="Test">How it does on the 100 test recordings, which no choice rests on.</param>
/// <param name="Calibration">Outputs at every step for the recordings held out, each as it is and nineteen times varied: what early exit is calibrated with.</param>
/// <param name="TestTraces">The same for the test recordings: what early exit is measured with.</param>
public sealed record DigitsRun(ulong Seed, NirGraph Graph, Network<float> Network, IReadOnlyList<EpochMetrics> Epochs, Evaluation HeldOut, Evaluation Test, IReadOnlyList<OutputTrace> Calibration, IReadOnlyList<OutputTrace> TestTraces);
