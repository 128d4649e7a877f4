namespace EdgeAutonomy.Simulation;

/// <summary>How a pixel turns intensity I in [0, 1] into its logarithmic signal.</summary>
public enum LogResponse : byte
{
    /// <summary>v2e: with Y = 255·I, linear f·Y up to Y = 20 (f = ln(20)/20), ln Y above.</summary>
    LinLog = 0,

    /// <summary>ESIM: ln(0.001 + I).</summary>
    Epsilon = 1,
}
