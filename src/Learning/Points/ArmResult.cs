namespace EdgeAutonomy.Learning;

/// <summary>What one training of one arm of an experiment gave.</summary>
/// <param name="Accuracy">Share of right answers on the test recordings, 0 … 1.</param>
/// <param name="Spikes">Spikes per inference.</param>
/// <param name="Additions">Weights added per inference because an input of 1 reached them.</param>
/// <param name="Products">Weights multiplied per inference by an input that is neither 0 nor 1.</param>
/// <param name="Network">The network, normalisation folded.</param>
/// <param name="Epochs">How the training went.</param>
internal sealed record ArmResult(double Accuracy, double Spikes, double Additions, double Products, Network<float> Network, IReadOnlyList<EpochMetrics> Epochs)
{
    /// <summary>Measures a folded network.</summary>
    public static ArmResult Of(Network<float> folded, IReadOnlyList<EpochMetrics> epochs, ITrainingData test, CancellationToken stop)
    {
        var e = Evaluation.Of(folded, new CrossEntropyLoss<float>(), test, 25, stop: stop);
        var (spikes, additions, products) = SynapticOperations.PerSample(folded, test, 25, stop);
        return new ArmResult(e.Accuracy, spikes, additions, products, folded, epochs);
    }

    /// <summary>Makes the lines of one arm from its seeds.</summary>
    public static IEnumerable<ExperimentRow> Rows(string arm, IReadOnlyList<ArmResult> seeds, string note)
    {
        yield return Row("test accuracy, %", r => 100 * r.Accuracy, note);
        yield return Row("spikes per inference", r => r.Spikes);
        yield return Row("synaptic additions per inference, thousands", r => r.Additions / 1000);
        yield return Row("products per inference, thousands", r => r.Products / 1000);

        ExperimentRow Row(string metric, Func<ArmResult, double> value, string remark = "") => new(arm, metric, Interval.OfMean(seeds.Select(value).ToArray()), seeds.Count, remark);
    }
}
