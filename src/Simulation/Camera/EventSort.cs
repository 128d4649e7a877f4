namespace EdgeAutonomy.Simulation;

/// <summary>Stable sort of packed events by the upper 32 bits (time since the start of the step).</summary>
/// <remarks>Least-significant-digit radix sort, insertion sort for few items; ties keep the order of generation. Allocation-free.</remarks>
internal sealed class EventSort(int capacity)
{
    private readonly ulong[] _spare = GC.AllocateUninitializedArray<ulong>(capacity);
    private readonly int[] _counts = new int[256];

    public void Sort(Span<ulong> items)
    {
        if (items.Length <= 48)
        {
            Insert(items);
            return;
        }
        ulong or = 0;
        foreach (ulong item in items) or |= item;
        var from = items;
        var to = _spare.AsSpan(0, items.Length);
        for (int shift = 32; shift < 64 && or >> shift != 0; shift += 8)
        {
            Distribute(from, to, shift);
            var swap = from;
            from = to;
            to = swap;
        }
        if (from != items) from.CopyTo(items);
    }

    private static void Insert(Span<ulong> items)
    {
        for (int i = 1; i < items.Length; i++)
        {
            ulong item = items[i];
            uint key = (uint)(item >> 32);
            int j = i - 1;
            while (j >= 0 && (uint)(items[j] >> 32) > key)
            {
                items[j + 1] = items[j];
                j--;
            }
            items[j + 1] = item;
        }
    }

    private void Distribute(ReadOnlySpan<ulong> from, Span<ulong> to, int shift)
    {
        int[] counts = _counts;
        Array.Clear(counts);
        foreach (ulong item in from) counts[(byte)(item >> shift)]++;
        int sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            int n = counts[i];
            counts[i] = sum;
            sum += n;
        }
        foreach (ulong item in from) to[counts[(byte)(item >> shift)]++] = item;
    }
}
