"""A voice of the user's own, made from recordings: started, gone on with after any end, scored and stored."""
