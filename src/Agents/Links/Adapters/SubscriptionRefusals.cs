namespace EdgeAutonomy.Agents;

/// <summary>Which subscriptions of a link its broker refuses now, and how often it has refused one.</summary>
/// <remarks>Changed under the owner's lock; read from any thread without one.</remarks>
internal sealed class SubscriptionRefusals
{
    private readonly SortedDictionary<string, string> _sentences = new(StringComparer.Ordinal);
    private volatile string _text = "";
    private long _count;

    /// <summary>Gets how often one was refused.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Gets one sentence about each that is refused now; empty = none is.</summary>
    public string Text => _text;

    /// <summary>Notes a refusal.</summary>
    /// <param name="filter">The subscription.</param>
    /// <param name="why">Why, one sentence with the remedy.</param>
    /// <returns>The sentence for people.</returns>
    public string Note(string filter, string why)
    {
        Volatile.Write(ref _count, _count + 1);
        string sentence = _sentences[filter] = $"Subscription '{filter}': {why}";
        Tell();
        return sentence;
    }

    /// <summary>Forgets about one that was taken, is sent again, or is not wanted any more.</summary>
    public void Forget(string filter)
    {
        if (_sentences.Remove(filter)) Tell();
    }

    private void Tell() => _text = string.Join(' ', _sentences.Values);
}
