namespace EdgeAutonomy.Agents;

/// <summary>What became of an update.</summary>
public enum UpdateOutcome : byte
{
    /// <summary>Counted.</summary>
    Accepted,

    /// <summary>Counted instead of an earlier one of the same robot.</summary>
    Replaced,

    /// <summary>Of another round, or of an incarnation before the one known.</summary>
    Stale,

    /// <summary>Of the wrong length, not finite, or without samples.</summary>
    Invalid,

    /// <summary>The round has all the robots it may have.</summary>
    Full,
}

/// <summary>Collects the updates of one round and makes one of them.</summary>
/// <remarks>
/// <para>An update is the change of the model against the base of the round. It counts once per robot: a second one of the same or a later incarnation replaces the first. Robots are taken in the order of their ids and sums are in double
/// precision, so the result has the same bits however the updates came. Single-threaded.</para>
/// <para>The parameters are little to hold: a round keeps one copy of each update, at most <see cref="FederatedOptions.MaxParticipants"/> × length × 4 bytes.</para>
/// </remarks>
public sealed class FederatedRound
{
    private readonly FederatedOptions _options;
    private readonly SortedDictionary<string, Update> _updates = new(StringComparer.Ordinal);
    private int _arrivals;

    /// <summary>Opens a round.</summary>
    /// <param name="round">Its number.</param>
    /// <param name="length">Parameters of the model.</param>
    /// <param name="deadline">When it closes even if robots are missing.</param>
    /// <param name="options">The rule.</param>
    /// <exception cref="ArgumentException">An option or the length is out of range.</exception>
    public FederatedRound(uint round, int length, Stamp deadline, FederatedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault) throw new ArgumentException(fault, nameof(options));
        if (length is < 1 or > TransferManifest.MaxBytes / sizeof(float)) throw new ArgumentOutOfRangeException(nameof(length), length, $"Federated round: {length} parameters; must be 1 to {TransferManifest.MaxBytes / sizeof(float)}.");
        (Round, Length, Deadline, _options) = (round, length, deadline, options);
    }

    /// <summary>Gets the number of the round.</summary>
    public uint Round { get; }

    /// <summary>Gets the parameters of the model.</summary>
    public int Length { get; }

    /// <summary>Gets when the round closes.</summary>
    public Stamp Deadline { get; }

    /// <summary>Gets how many robots have contributed.</summary>
    public int Participants => _updates.Count;

    /// <summary>Gets who has contributed, in the order of the ids.</summary>
    public IReadOnlyCollection<string> Robots => _updates.Keys;

    internal FederatedMutation Mutation { get; set; }

    /// <summary>Gets how many updates were scaled down.</summary>
    public long Clipped { get; private set; }

    /// <summary>Takes an update.</summary>
    /// <param name="round">The round it is for.</param>
    /// <param name="rid">The robot.</param>
    /// <param name="inc">Its incarnation.</param>
    /// <param name="samples">How many samples it rests on; positive.</param>
    /// <param name="change">The change of each parameter; copied.</param>
    public UpdateOutcome Submit(uint round, string rid, uint inc, int samples, ReadOnlySpan<float> change)
    {
        if (round != Round) return UpdateOutcome.Stale;
        if (!ZoneWire.IsId(rid) || samples < 1 || change.Length != Length) return UpdateOutcome.Invalid;
        double squares = 0;
        foreach (float value in change)
        {
            if (!float.IsFinite(value)) return UpdateOutcome.Invalid;
            squares += (double)value * value;
        }
        bool known = _updates.TryGetValue(rid, out var old);
        if (known && inc < old!.Inc) return UpdateOutcome.Stale;
        if (!known && _updates.Count >= _options.MaxParticipants) return UpdateOutcome.Full;
        float[] kept = known ? old!.Change : new float[Length];
        double norm = Math.Sqrt(squares), factor = norm > _options.MaxNorm ? _options.MaxNorm / norm : 1;
        if (factor < 1) Clipped++;
        for (int i = 0; i < kept.Length; i++)
        {
            float value = factor < 1 ? (float)(change[i] * factor) : change[i];
            kept[i] = known && Mutation == FederatedMutation.SecondUploadAdds ? kept[i] + value : value;
        }
        _updates[rid] = new Update(inc, Math.Min(samples, _options.MaxSamples), kept, _arrivals++);
        return known ? UpdateOutcome.Replaced : UpdateOutcome.Accepted;
    }

    /// <summary>Returns whether the round can be closed: enough robots, and all that are expected or the deadline has passed.</summary>
    /// <param name="expected">How many robots take part.</param>
    /// <param name="now">Now.</param>
    public bool CanClose(int expected, Stamp now) => Participants >= _options.MinParticipants && (Participants >= expected || now >= Deadline);

    /// <summary>Adds what the robots learned to a model.</summary>
    /// <param name="model">The base of the round; becomes the next one.</param>
    /// <returns>False, and nothing happens, while there are fewer than <see cref="FederatedOptions.MinParticipants"/>.</returns>
    public bool TryApply(Span<float> model)
    {
        if (model.Length != Length) throw new ArgumentException($"Federated round {Round}: the model has {model.Length} parameters, updates have {Length}.", nameof(model));
        if (Participants < _options.MinParticipants) return false;
        Update[] all = [.. _updates.Values];
        if (Mutation == FederatedMutation.OrderOfArrival) Array.Sort(all, (a, b) => a.Arrival.CompareTo(b.Arrival));
        long samples = 0;
        foreach (var update in all) samples += update.Samples;
        var values = new float[all.Length];
        for (int i = 0; i < Length; i++)
        {
            double change = 0;
            if (_options.Rule == FederatedRule.Mean)
            {
                foreach (var update in all) change += (double)update.Samples * update.Change[i];
                change /= samples;
            }
            else
            {
                for (int k = 0; k < all.Length; k++) values[k] = all[k].Change[i];
                Array.Sort(values);
                change = Middle(values, _options.Rule == FederatedRule.Median ? (all.Length - 1) / 2 : (int)Math.Floor(_options.Trim * all.Length));
            }
            model[i] = (float)(model[i] + change);
        }
        return true;
    }

    /// <summary>Adds an update that came too late for its round, with less weight the later it is.</summary>
    /// <param name="model">The model now.</param>
    /// <param name="change">The change against the base of its round; clipped as in a round.</param>
    /// <param name="lag">Rounds that have passed since; not negative.</param>
    /// <param name="options">The rule.</param>
    /// <returns>False, and nothing happens, when it is of another length or not finite.</returns>
    public static bool TryApplyLate(Span<float> model, ReadOnlySpan<float> change, int lag, FederatedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(lag);
        double squares = 0;
        foreach (float value in change) squares += (double)value * value;
        if (change.Length != model.Length || !double.IsFinite(squares)) return false;
        double norm = Math.Sqrt(squares), factor = LateWeight(lag, options.AsyncWeight) * (norm > options.MaxNorm ? options.MaxNorm / norm : 1);
        for (int i = 0; i < model.Length; i++) model[i] = (float)(model[i] + factor * change[i]);
        return true;
    }

    /// <summary>Returns α·(1 + lag)^−½.</summary>
    public static double LateWeight(int lag, double alpha) => alpha / Math.Sqrt(1.0 + lag);

    private static double Middle(float[] sorted, int cut)
    {
        double sum = 0;
        int count = sorted.Length - 2 * cut;
        for (int k = cut; k < cut + count; k++) sum += sorted[k];
        return sum / count;
    }

    private sealed record Update(uint Inc, int Samples, float[] Change, int Arrival);
}
