using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Reads the JSON of fleet messages within limits: size, depth, length of texts and arrays. Members that are not known are skipped.</summary>
/// <remarks>Everything that breaks a rule ends in <see cref="JsonException"/>, which the readers of messages turn into "malformed".</remarks>
internal ref struct FleetJson
{
    public const int MaxBytes = 65_536, MaxText = 256, MaxArray = 1024;
    private Utf8JsonReader _json;
    private bool _versionSeen;
    private uint _incarnation;
    private ulong _sequence, _epoch;
    private long _wall;

    public FleetJson(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxBytes) throw new JsonException();
        _json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 8 });
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject) throw new JsonException();
    }

    /// <summary>Moves to the value of the next member that is not of the envelope; false at the end of the message.</summary>
    public bool Next(out FleetField field)
    {
        while (_json.Read())
        {
            if (_json.TokenType == JsonTokenType.EndObject)
            {
                field = default;
                if (_json.Read()) throw new JsonException();
                return false;
            }
            if (_json.HasValueSequence || _json.ValueIsEscaped || _json.ValueSpan.Length > 16)
            {
                _json.Skip();
                continue;
            }
            field = FleetFields.Of(_json.ValueSpan);
            if (!_json.Read()) throw new JsonException();
            switch (field)
            {
                case FleetField.Version:
                    if (Whole(255) != FleetPrefix.Version) throw new JsonException();
                    _versionSeen = true;
                    break;
                case FleetField.Incarnation: _incarnation = (uint)Whole(uint.MaxValue); break;
                case FleetField.Sequence: _sequence = Whole(ulong.MaxValue); break;
                case FleetField.Epoch: _epoch = Whole(ulong.MaxValue); break;
                case FleetField.Time:
                    if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out _wall)) throw new JsonException();
                    break;
                case FleetField.Unknown: _json.Skip(); break;
                default: return true;
            }
        }
        throw new JsonException();
    }

    public readonly FleetEnvelope Envelope
        => _versionSeen && _incarnation != 0 && _sequence != 0 ? new FleetEnvelope(_incarnation, _sequence, _epoch, _wall) : throw new JsonException();

    public ulong Whole(ulong max)
        => _json.TokenType == JsonTokenType.Number && _json.TryGetUInt64(out ulong value) && value <= max ? value : throw new JsonException();

    public long Signed(long min, long max)
        => _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out long value) && value >= min && value <= max ? value : throw new JsonException();

    public double Number()
        => _json.TokenType == JsonTokenType.Number && _json.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw new JsonException();

    public bool Flag() => _json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new JsonException(),
    };

    /// <summary>Returns a name; an empty text gives null where that is allowed.</summary>
    public string? Name(FleetNames names, int max, bool mayBeEmpty = false)
    {
        if (_json.TokenType != JsonTokenType.String || _json.ValueIsEscaped) throw new JsonException();
        if (mayBeEmpty && _json.ValueSpan.Length == 0) return null;
        return names.Take(_json.ValueSpan, max) ?? throw new JsonException();
    }

    /// <summary>Returns a text for people, without control characters.</summary>
    public string Text()
    {
        if (_json.TokenType != JsonTokenType.String || _json.ValueSpan.Length > MaxText) throw new JsonException();
        try
        {
            string text = _json.GetString()!;
            return text.Length == 0 ? text : UntrustedText.Clean(text, MaxText);
        }
        catch (InvalidOperationException)
        {
            throw new JsonException(); // half a surrogate pair, or bytes that are no UTF-8
        }
    }


    public bool Is(ReadOnlySpan<byte> text) => _json.TokenType == JsonTokenType.String && _json.ValueTextEquals(text);

    public void StartArray()
    {
        if (_json.TokenType != JsonTokenType.StartArray) throw new JsonException();
    }

    /// <summary>Moves to the next element; false at the end.</summary>
    public bool Element(int soFar)
    {
        if (!_json.Read()) throw new JsonException();
        if (_json.TokenType == JsonTokenType.EndArray) return false;
        return soFar < MaxArray ? true : throw new JsonException();
    }
}
