namespace EdgeAutonomy.Runtime;

/// <summary>Which engine runs a network.</summary>
public enum InferenceChoice
{
    /// <summary>The managed engine: exact replays, the shortest time for small networks.</summary>
    Managed,

    /// <summary>ONNX Runtime where its library is found, else the managed engine.</summary>
    Auto,

    /// <summary>ONNX Runtime, or an error.</summary>
    Onnx,
}
