namespace EdgeAutonomy.Recording;

/// <summary>A call of a service, to be answered once, from any thread and at any time.</summary>
public sealed class FoxgloveCall
{
    private readonly FoxgloveSession _session;
    private readonly uint _callId;
    private int _answered;

    internal FoxgloveCall(FoxgloveSession session, FoxgloveService service, uint callId, string encoding, byte[] request)
    {
        _session = session;
        _callId = callId;
        Service = service;
        Encoding = encoding;
        Request = request;
    }

    /// <summary>Gets the service that is called.</summary>
    public FoxgloveService Service { get; }

    /// <summary>Gets the encoding of the request, "json" for our services.</summary>
    public string Encoding { get; }

    /// <summary>Gets the request.</summary>
    public ReadOnlyMemory<byte> Request { get; }

    /// <summary>Answers with JSON. A second answer is ignored.</summary>
    public void Respond(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (Interlocked.Exchange(ref _answered, 1) == 0) _session.SendResponse(Service.Id, _callId, "json", System.Text.Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Answers that the call failed, with a sentence for a person. A second answer is ignored.</summary>
    public void Fail(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Interlocked.Exchange(ref _answered, 1) == 0) _session.SendFailure(Service.Id, _callId, message);
    }
}
