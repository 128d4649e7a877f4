namespace EdgeAutonomy.Runtime;

/// <summary>Runs a gated recurrent unit over a sequence.</summary>
/// <param name="layer">The weights.</param>
/// <param name="steps">The length of the sequence.</param>
/// <param name="batch">How many sequences.</param>
/// <param name="backwards">Whether the last element comes first.</param>
/// <param name="from">[steps, batch, in].</param>
/// <param name="initial">The state before, [batch, hidden]; null = zeros.</param>
/// <param name="scratch">Room for one step.</param>
/// <param name="all">All states, [steps, batch, hidden].</param>
/// <param name="final">The last state, [batch, hidden]; null = not asked for.</param>
internal sealed class GruStep(GruLayer layer, int steps, int batch, bool backwards, Slot from, Slot? initial, Slot scratch, Slot all, Slot? final) : ManagedStep
{
    /// <inheritdoc/>
    public override void Run(Span<float> memory)
    {
        int hidden = all.Count / steps / batch, inputs = from.Count / steps / batch;
        for (int b = 0; b < batch; b++)
        {
            int previous = -1;
            for (int i = 0; i < steps; i++)
            {
                int t = backwards ? steps - 1 - i : i;
                var next = all.Part((t * batch + b) * hidden, hidden).In(memory);
                ReadOnlySpan<float> h = previous >= 0 ? all.Part((previous * batch + b) * hidden, hidden).In(memory)
                    : initial is { } start ? start.Part(b * hidden, hidden).In(memory) : default;
                if (h.IsEmpty)
                {
                    next.Clear();
                    h = next;
                }
                layer.Step(from.Part((t * batch + b) * inputs, inputs).In(memory), h, next, scratch.In(memory));
                previous = t;
            }
            if (final is { } last) all.Part((previous * batch + b) * hidden, hidden).In(memory).CopyTo(last.Part(b * hidden, hidden).In(memory));
        }
    }
}
