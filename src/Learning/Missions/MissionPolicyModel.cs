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

    /// <summary>Returns the network of a policy's file; its critic, which is not in it, says 0.</summary>
    /// <param name="weights">Card and weights.</param>
    /// <param name="shape">The missions it is to be used for.</param>
    /// <exception cref="InvalidDataException">It was trained for missions of another shape or vocabulary.</exception>
    public static CandidateNetwork<float> NetworkOf(CandidateWeights weights, MissionShape shape)
    {
        ArgumentNullException.ThrowIfNull(weights);
        // Says whether it fits.
        _ = new CandidatePolicy(weights, shape);
        var card = weights.Card;
        var network = new CandidateNetwork<float>(shape, new CandidateNetworkOptions { Encoder = card.Encoder, Memory = card.Memory, First = card.First, Second = card.Second });
        foreach (var (name, values) in weights.Named) values.Span.CopyTo(network.Parameters.Single(p => p.Name == name).Value);
        return network;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Write(string path, ModelOrigin origin)
    {
        CandidateFile.Write(path, ToWeights(origin));
        return [path];
    }
}
