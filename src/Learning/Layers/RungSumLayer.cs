using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>One value per action and rung from one value per action and one per rung: y[action·K + rung] = x[action] + x[actions + rung]; no parameters.</summary>
/// <remarks>The split of a joint choice that has many values (adaptive-time-stepping notes §7.6): what is learned about an action holds for all its durations, and what is learned about a duration for all actions.</remarks>
/// <typeparam name="T">float, or double to check gradients.</typeparam>
public sealed class RungSumLayer<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _actions, _rungs;

    /// <summary>Makes a layer.</summary>
    /// <param name="name">The name.</param>
    /// <param name="actions">Actions, at least 1.</param>
    /// <param name="rungs">K, at least 1.</param>
    public RungSumLayer(string name, int actions, int rungs)
        : base(name, new MapSize(actions + rungs), new MapSize(actions * rungs)) => (_actions, _rungs) = (actions, rungs);

    /// <summary>Gets how many actions.</summary>
    public int Actions => _actions;

    /// <summary>Gets how many rungs.</summary>
    public int Rungs => _rungs;

    /// <inheritdoc/>
    public override void Forward(in LayerPass pass, ReadOnlySpan<T> input, Span<T> output)
    {
        for (int row = 0; row < pass.Rows; row++)
        {
            var x = input.Slice(row * (_actions + _rungs), _actions + _rungs);
            var y = output.Slice(row * _actions * _rungs, _actions * _rungs);
            for (int a = 0, i = 0; a < _actions; a++)
            {
                for (int k = 0; k < _rungs; k++) y[i++] = x[a] + x[_actions + k];
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerPass pass, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient)
    {
        if (inputGradient.IsEmpty) return;
        inputGradient.Clear();
        for (int row = 0; row < pass.Rows; row++)
        {
            var g = inputGradient.Slice(row * (_actions + _rungs), _actions + _rungs);
            var d = outputGradient.Slice(row * _actions * _rungs, _actions * _rungs);
            for (int a = 0, i = 0; a < _actions; a++)
            {
                for (int k = 0; k < _rungs; k++, i++)
                {
                    g[a] += d[i];
                    g[_actions + k] += d[i];
                }
            }
        }
    }
}
