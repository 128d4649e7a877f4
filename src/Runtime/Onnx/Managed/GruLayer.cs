namespace EdgeAutonomy.Runtime;

/// <summary>The weights of a gated recurrent unit and one step of it.</summary>
/// <remarks>
/// z = σ(W_z·x + R_z·h + b), r = σ(W_r·x + R_r·h + b), n = tanh(W_h·x + b + …), h′ = (1 − z)∘n + z∘h. The dots are R_h·(r∘h) + b, or, where the reset gate comes late
/// (linear_before_reset, as PyTorch and cuDNN do), r∘(R_h·h + b). Gate order z, r, h, as in the file.
/// </remarks>
internal sealed class GruLayer
{
    private readonly PackedMatrix _input, _recurrentGates, _recurrentNew;
    private readonly int _hidden, _padded;
    private readonly bool _late;

    public GruLayer(ReadOnlySpan<float> w, ReadOnlySpan<float> r, ReadOnlySpan<float> bias, int inputs, int hidden, bool late)
    {
        _hidden = hidden;
        _padded = PanelKernel.Padded(3 * hidden);
        _late = late;
        _input = new PackedMatrix(w, inputs, 3 * hidden, 1, inputs, bias[..(3 * hidden)]);
        _recurrentGates = new PackedMatrix(r, hidden, 2 * hidden, 1, hidden, bias.Slice(3 * hidden, 2 * hidden));
        _recurrentNew = new PackedMatrix(r[(2 * hidden * hidden)..], hidden, hidden, 1, hidden, bias[(5 * hidden)..]);
    }

    /// <summary>Gets how many numbers of scratch <see cref="Step"/> needs.</summary>
    public int ScratchCount => 4 * _padded;

    /// <summary>Computes the next state.</summary>
    /// <param name="x">[inputs].</param>
    /// <param name="h">The state, [hidden].</param>
    /// <param name="next">The next state, [hidden]; may be the same place.</param>
    /// <param name="scratch">Room of <see cref="ScratchCount"/>.</param>
    public void Step(ReadOnlySpan<float> x, ReadOnlySpan<float> h, Span<float> next, Span<float> scratch)
    {
        int n = _hidden;
        Span<float> gates = scratch[..(3 * n)], recurrent = scratch.Slice(_padded, 2 * n), fresh = scratch.Slice(2 * _padded, n), masked = scratch.Slice(3 * _padded, n);
        _input.Multiply(x, gates);
        _recurrentGates.Multiply(h, recurrent);
        Span<float> z = gates[..n], r = gates.Slice(n, n), candidate = gates.Slice(2 * n, n);
        var both = gates[..(2 * n)];
        DeterministicMath.Axpy(1, recurrent, both);
        DeterministicMathF.Sigmoid(both, both);
        if (_late)
        {
            _recurrentNew.Multiply(h, fresh);
            for (int i = 0; i < n; i++) candidate[i] += r[i] * fresh[i];
        }
        else
        {
            for (int i = 0; i < n; i++) masked[i] = r[i] * h[i];
            _recurrentNew.Multiply(masked, fresh);
            DeterministicMath.Axpy(1, fresh, candidate);
        }
        DeterministicMathF.Tanh(candidate, candidate);
        for (int i = 0; i < n; i++) next[i] = (1 - z[i]) * candidate[i] + z[i] * h[i];
    }
}
