namespace EdgeAutonomy.Agents;

/// <summary>The newest message of one stream: later ones must be above it, by incarnation first and by number then.</summary>
internal struct StreamMark
{
    private uint _incarnation;
    private ulong _sequence;

    /// <summary>Takes a message that is newer than all before.</summary>
    /// <param name="incarnation">Its incarnation.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="gap">How many were missed in between.</param>
    /// <returns>False when it is old or a copy.</returns>
    public bool Accept(uint incarnation, ulong sequence, out ulong gap)
    {
        gap = 0;
        if (incarnation < _incarnation || (incarnation == _incarnation && sequence <= _sequence)) return false;
        // The first message heard of an incarnation says nothing about those before it.
        if (incarnation == _incarnation) gap = sequence - _sequence - 1;
        (_incarnation, _sequence) = (incarnation, sequence);
        return true;
    }
}
