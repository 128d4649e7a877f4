using System.Buffers;

namespace EdgeAutonomy.Learning;

/// <summary>A network from an observation to one value per action: linear layers with ReLUs between them.</summary>
/// <remarks>Not thread-safe; allocation-free once its buffers have grown to the largest batch.</remarks>
public sealed class QNetwork : IActor
{
    private readonly int _observation;
    private readonly IReadOnlyList<int> _hidden;

    /// <summary>Makes a network with all weights zero.</summary>
    /// <param name="observationWidth">Numbers per observation, at least 1.</param>
    /// <param name="hidden">Units of the hidden layers.</param>
    /// <param name="actions">Actions, at least 1.</param>
    public QNetwork(int observationWidth, IReadOnlyList<int> hidden, int actions)
    {
        (_observation, _hidden) = (observationWidth, hidden);
        Network = Perceptron.Build(observationWidth, hidden, actions, Activation.Relu, "q");
    }

    /// <summary>Gets the layers and parameters.</summary>
    public Network<float> Network { get; }

    /// <summary>Gets how many actions it values.</summary>
    public int Actions => Network.Output.Count;

    /// <summary>Computes the values of all actions.</summary>
    /// <param name="observations">[sample, observation].</param>
    /// <param name="samples">Samples, at least 1.</param>
    /// <param name="training">Whether a backward pass follows.</param>
    /// <returns>[sample, action]; valid until the next call.</returns>
    public ReadOnlySpan<float> Values(ReadOnlySpan<float> observations, int samples, bool training = false)
    {
        Network.Forward(new LayerPass(1, samples) { Training = training }, observations);
        return Network.OutputOf(Network.Layers.Count - 1);
    }

    /// <summary>Returns the best action for one observation; the first of equals.</summary>
    /// <param name="observation">The observation.</param>
    /// <param name="allowed">Which actions are allowed; empty = all.</param>
    public int Best(ReadOnlySpan<float> observation, ReadOnlySpan<bool> allowed = default) => Largest(Values(observation, 1), allowed);

    /// <summary>Moves all weights towards those of another network: w ← w + share·(other − w).</summary>
    /// <param name="other">A network of the same shape.</param>
    /// <param name="share">In (0, 1]; 1 = a copy, bit for bit.</param>
    public void MoveTowards(QNetwork other, double share)
    {
        ArgumentNullException.ThrowIfNull(other);
        Perceptron.MoveTowards(Network, other.Network, share);
    }

    /// <inheritdoc/>
    public void Act(ReadOnlySpan<float> observation, ReadOnlySpan<bool> allowed, Span<float> action) => action[0] = Best(observation, allowed);

    /// <inheritdoc/>
    public IActor Copy()
    {
        var copy = new QNetwork(_observation, _hidden, Actions);
        copy.MoveTowards(this, 1);
        return copy;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer) => Perceptron.Freeze(new StateWriter(writer), Network);

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Q network");
        Perceptron.Thaw(ref r, Network);
        r.End();
    }

    /// <summary>Returns where the largest allowed value is; the first of equals.</summary>
    internal static int Largest(ReadOnlySpan<float> values, ReadOnlySpan<bool> allowed = default)
    {
        int best = 0;
        if (!allowed.IsEmpty)
        {
            best = allowed.IndexOf(true);
            for (int i = best + 1; i < values.Length; i++) best = allowed[i] && values[i] > values[best] ? i : best;
            return best;
        }
        for (int i = 1; i < values.Length; i++) best = values[i] > values[best] ? i : best;
        return best;
    }
}
