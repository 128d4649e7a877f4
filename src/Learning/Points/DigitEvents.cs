namespace EdgeAutonomy.Learning;

/// <summary>The events of N-MNIST recordings, one by one.</summary>
/// <remarks><see cref="NmnistData"/> keeps its events to itself and gives counts per step: from counts in steps of half a millisecond they are had back with that resolution.</remarks>
internal static class DigitEvents
{
    private const int StepUs = 500, LengthUs = 320_000;

    /// <summary>Loads the recordings of a list.</summary>
    /// <exception cref="InvalidDataException">The folder, the list or a recording is absent or damaged.</exception>
    public static IReadOnlyList<(Event[] Events, int Class)> Load(string? folder, string list, CancellationToken stop = default) =>
        Of(NmnistData.Load(folder, list, new NmnistOptions()), stop);

    /// <summary>Gets the events of a set.</summary>
    public static IReadOnlyList<(Event[] Events, int Class)> Of(NmnistData data, CancellationToken stop = default)
    {
        data = data.With(new NmnistOptions { Steps = LengthUs / StepUs, StepUs = StepUs, Counts = true });
        int n = data.Size.Count;
        var counts = new float[data.Steps * n];
        var samples = new (Event[], int)[data.Count];
        var events = new List<Event>();
        for (int s = 0; s < samples.Length; s++)
        {
            stop.ThrowIfCancellationRequested();
            data.Fill(s, null, 0, 1, counts);
            events.Clear();
            int at = 0;
            for (int next; (next = counts.AsSpan(at).IndexOfAnyExcept(0f)) >= 0; at++)
            {
                at += next;
                int place = at % n;
                var e = new Event((long)(at / n) * StepUs, (ushort)(place / 2 % NmnistData.Side), (ushort)(place / 2 / NmnistData.Side), (byte)(place & 1));
                for (int k = (int)counts[at]; k > 0; k--) events.Add(e);
            }
            samples[s] = ([.. events], data.ClassOf(s));
        }
        return samples;
    }
}
