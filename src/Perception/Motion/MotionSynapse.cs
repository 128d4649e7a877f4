namespace EdgeAutonomy.Perception;

/// <summary>One delayed synapse: an event at a place beside the event in the middle, a number of steps ago, speaks for or against one motion.</summary>
/// <param name="Class">Motion class, speed · directions + direction.</param>
/// <param name="Channel">Polarity channel, 0 or 1 (<see cref="MotionPolarity"/>).</param>
/// <param name="Delay">Steps before the event in the middle; 0 = the same step.</param>
/// <param name="Dx">Columns to the right of the event in the middle.</param>
/// <param name="Dy">Rows below it.</param>
/// <param name="Weight">What it adds to the log odds of the class.</param>
public readonly record struct MotionSynapse(int Class, int Channel, int Delay, int Dx, int Dy, float Weight);
