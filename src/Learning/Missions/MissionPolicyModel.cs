using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Learning;

/// <summary>A mission policy as the file that <see cref="CandidatePolicy"/> runs; the critic stays behind.</summary>
/// <param name="Name">The name on the card.</param>
/// <param name="Network">The network.</param>
public sealed record MissionPolicyModel(string Name, CandidateNetwork<float> Network) : TrainedModel
{
    /// <inheritdoc/>
    public override string Ending => CandidateFile.Ending;

    /// <summary>Returns card and weights for the runtime; later changes of the network do not change them.</summary>
    /// <param name="origin">Where they come from.</param>
    public CandidateWeights ToWeights(ModelOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var (shape, widths) = (Network.Shape, Network.Options);
        var card = new CandidateCard
        {
            Name = Name, State = shape.State, Event = shape.Event, Candidate = shape.Candidate, VocabularyHash = CandidateWeights.HashOf(shape.Vocabulary), Encoder = widths.Encoder, Memory = widths.Memory, First = widths.First,
            Second = widths.Second, Command = origin.Command, Seed = origin.Seed, Result = origin.Result,
        };
        return new CandidateWeights(card, [.. CandidateWeights.NamesOf(card).Select(n => (float[])Network.Parameters.Single(p => p.Name == n.Name).Value.Clone())]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(string path, ModelOrigin origin)
    {
        CandidateFile.Write(path, ToWeights(origin));
        return [path];
    }
}
